package org.caravanmta.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the records of an accounting file by VirtualMTA and type. The demonstration's values hold no commas. */
record DemoReport(Map<String, Map<Character, Integer>> byVirtualMta) {

    static DemoReport of(Path csv) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        int vmta = List.of(lines.getFirst().split(",")).indexOf("vmta");
        Map<String, Map<Character, Integer>> counts = new TreeMap<>();
        for (String line : lines.subList(1, lines.size()))
            counts.computeIfAbsent(field(line, vmta), v -> new TreeMap<>()).merge(line.charAt(0), 1, Integer::sum);
        return new DemoReport(counts);
    }

    /** The field at {@code index}; quoted fields may hold commas. */
    private static String field(String line, int index) {
        int at = 0;
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i <= line.length(); i++) {
            if (i < line.length() && line.charAt(i) == '"')
                quoted = !quoted;
            if (i == line.length() || line.charAt(i) == ',' && !quoted) {
                if (at++ == index)
                    return line.substring(begin, i);
                begin = i + 1;
            }
        }
        return "";
    }

    void print(PrintStream out, DemoMx mx, double seconds) {
        out.printf("%-12s %-28s %9s %9s %8s %8s%n", "VirtualMTA", "source IP seen by receiver", "delivered", "deferred",
                "bounced", "msg/s");
        for (String v : DemoScript.VIRTUAL_MTAS) {
            Map<Character, Integer> c = byVirtualMta.getOrDefault(v, Map.of());
            out.printf("%-12s %-28s %9d %9d %8d %8.0f%n", v, mx.sourceOf(v), c.getOrDefault('d', 0),
                    c.getOrDefault('t', 0), c.getOrDefault('b', 0), c.getOrDefault('d', 0) / seconds);
        }
    }
}
