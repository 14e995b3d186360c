package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.caravanmta.dnscheck.DnsReport;
import org.caravanmta.dnscheck.DnsReport.Check;
import org.caravanmta.dnscheck.DnsReport.Source;
import org.caravanmta.dnscheck.Finding;
import org.caravanmta.dnscheck.Finding.Result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What {@code caravan check-dns} prints: a table, what is wrong in it, and what to publish. */
final class DnsReportText {

    /** More lines that are fine are counted only. */
    private static final int MOST_FINE = 50;
    private static final int MOST_SENTENCES = 50;
    private static final int MOST_NAMES = 3;

    private DnsReportText() {
    }

    static String text(DnsReport report, boolean all) {
        List<Source> shown = all || report.sources().size() <= MOST_FINE ? report.sources()
                : report.sources().stream().filter(DnsReportText::telling).toList();
        StringBuilder b = new StringBuilder();
        if (!shown.isEmpty())
            b.append(table(shown)).append('\n');
        int hidden = report.sources().size() - shown.size();
        if (hidden > 0)
            b.append(shown.isEmpty() ? "" : "… and ").append(hidden).append(" that are fine; --all shows them\n");
        Map<String, List<Source>> said = said(report);
        if (!said.isEmpty())
            b.append('\n');
        int most = all ? Integer.MAX_VALUE : MOST_SENTENCES;
        said.entrySet().stream().limit(most)
                .forEach(e -> b.append(TextTable.printable(who(e.getValue()) + ": " + e.getKey())).append('\n'));
        if (said.size() > most)
            b.append("… and ").append(said.size() - most).append(" more; --all shows them\n");
        if (!report.publish().isEmpty()) {
            b.append("\nTo publish:\n");
            report.publish().forEach(p -> b.append(TextTable.printable(p)).append('\n'));
        }
        return b.append('\n').append(sum(report)).toString();
    }

    private static boolean telling(Source s) {
        return s.findings().values().stream().anyMatch(f -> f.result() == Result.FAULT || f.result() == Result.UNKNOWN);
    }

    private static TextTable table(List<Source> sources) {
        TextTable table = new TextTable().row(Stream.concat(Stream.of("VirtualMTA", "IP", "EHLO name"),
                Stream.of(Check.values()).map(Check::toString)).toArray(String[]::new));
        for (Source s : sources)
            table.row(Stream.concat(Stream.of(s.virtualMta(), s.ip().getHostAddress(), s.ehloName()),
                    Stream.of(Check.values()).map(c -> s.findings().get(c).result().toString()))
                    .toArray(String[]::new));
        return table;
    }

    /** Each sentence once, with those it is said of. */
    private static Map<String, List<Source>> said(DnsReport report) {
        Map<String, List<Source>> said = new LinkedHashMap<>();
        for (Check c : Check.values())
            for (Source s : report.sources()) {
                Finding f = s.findings().get(c);
                if (!f.text().isEmpty() && f.result() != Result.PRIVATE)
                    said.computeIfAbsent(f.text(), _ -> new ArrayList<>()).add(s);
            }
        return said;
    }

    private static String who(List<Source> sources) {
        List<String> names = sources.stream().map(Source::virtualMta).distinct().toList();
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }

    private static String sum(DnsReport report) {
        long faults = report.count(Result.FAULT);
        long unknown = report.count(Result.UNKNOWN);
        String sum = faults == 0 ? unknown == 0 ? "no fault" : "no fault found"
                : faults == 1 ? "1 fault" : faults + " faults";
        return sum + (unknown == 0 ? "" : ", " + unknown + " unknown (?): DNS could not say");
    }

    static String json(DnsReport report) throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("faults", report.count(Result.FAULT));
        root.put("unknown", report.count(Result.UNKNOWN));
        ArrayNode sources = root.putArray("sources");
        for (Source s : report.sources()) {
            ObjectNode one = sources.addObject();
            one.put("virtualMta", s.virtualMta()).put("ip", s.ip().getHostAddress()).put("ehloName", s.ehloName());
            ObjectNode checks = one.putObject("checks");
            s.findings().forEach((check, f) -> {
                ObjectNode c = checks.putObject(check.toString());
                c.put("result", f.result().name().toLowerCase(java.util.Locale.ROOT));
                if (!f.text().isEmpty())
                    c.put("text", f.text());
            });
        }
        report.publish().forEach(root.putArray("publish")::add);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }
}
