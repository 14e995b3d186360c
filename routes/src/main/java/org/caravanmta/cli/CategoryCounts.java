package org.caravanmta.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How many replies there are of each category. */
final class CategoryCounts {

    private final Map<String, Long> counts = new HashMap<>();
    private long total;

    void add(String category) {
        counts.merge(category, 1L, Long::sum);
        total++;
    }

    long total() {
        return total;
    }

    /** Most frequent first. */
    Map<String, Long> byCount() {
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey())).forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return sorted;
    }

    /** Several lines, each ending in a newline. */
    String table() {
        StringBuilder text = new StringBuilder("%-22s%12s%9s%n".formatted("category", "replies", "share"));
        byCount().forEach((category, n) -> text
                .append(String.format(Locale.ROOT, "%-22s%12d%7.1f %%%n", category, n, 100.0 * n / total)));
        return text.append("%-22s%12d%n".formatted("all", total)).toString();
    }
}
