package org.caravanmta.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What stands in each line of a table, for programs: counts, shares from 0 to 1, seconds. */
record ReportColumn(String name, ToLongFunction<Tally> number, ToDoubleFunction<Tally> share) {

    static final List<ReportColumn> ALL = List.of(whole("received", Tally::received),
            whole("delivered", Tally::delivered), whole("bounced", Tally::bounced), whole("expired", Tally::expired),
            whole("deferredAttempts", Tally::deferred), whole("complaints", Tally::complaints),
            new ReportColumn("deliveredShare", null, Tally::deliveredShare),
            new ReportColumn("bouncedShare", null, Tally::bouncedShare),
            whole("seconds50", t -> t.secondsAt(50)), whole("seconds90", t -> t.secondsAt(90)),
            whole("seconds99", t -> t.secondsAt(99)));

    private static ReportColumn whole(String name, ToLongFunction<Tally> number) {
        return new ReportColumn(name, number, null);
    }

    /** Null where nothing is known. */
    String of(Tally t) {
        if (number != null) {
            long n = number.applyAsLong(t);
            return n < 0 ? null : Long.toString(n);
        }
        double s = share.applyAsDouble(t);
        return s < 0 ? null : String.format(Locale.ROOT, "%.6f", s);
    }
}
