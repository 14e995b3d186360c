package org.caravanmta.report;

import java.util.Locale;
import java.util.Set;

/**
 * Which records count.
 *
 * @param fromMs  epoch milliseconds, included
 * @param toMs    epoch milliseconds, not included
 * @param jobs    empty: all
 * @param vmtas   empty: all
 * @param domains of recipients, in lower case; empty: all
 * @param types   empty: all
 */
public record RowFilter(long fromMs, long toMs, Set<String> jobs, Set<String> vmtas, Set<String> domains,
        Set<String> types) {

    public static final RowFilter ALL = new RowFilter(0, Long.MAX_VALUE, Set.of(), Set.of(), Set.of(), Set.of());

    boolean takes(Row row) {
        if (!types.isEmpty() && !types.contains(row.get(RecordField.TYPE)))
            return false;
        if (!fits(jobs, row.get(RecordField.JOB_ID)) || !fits(vmtas, row.get(RecordField.VMTA)))
            return false;
        if (fromMs > 0 || toMs < Long.MAX_VALUE) {
            long at = row.loggedMs();
            if (at < fromMs || at >= toMs)
                return false;
        }
        return domains.isEmpty() || domains.contains(row.domain());
    }

    private static boolean fits(Set<String> wanted, String value) {
        return wanted.isEmpty() || value != null && (wanted.contains(value)
                || wanted.contains(value.toLowerCase(Locale.ROOT)));
    }
}
