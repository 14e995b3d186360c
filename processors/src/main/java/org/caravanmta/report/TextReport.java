package org.caravanmta.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** For a terminal: names to the left, numbers to the right. */
final class TextReport {

    private static final int NAME = 36;
    private static final int SAMPLE = 100;

    private TextReport() {
    }

    static void write(Report r, Appendable out) throws IOException {
        out.append(Figures.printable(r.title())).append('\n').append(r.period()).append("   ")
                .append(Figures.count(r.records())).append(" records\n\n");
        Tally a = r.all();
        line(out, "delivered", a.delivered(), a.deliveredShare());
        line(out, "bounced", a.bounced(), a.bouncedShare());
        line(out, "expired", a.expired(), a.settled() == 0 ? -1 : (double) a.expired() / a.settled());
        line(out, "deferred attempts", a.deferred(), -1);
        if (a.received() > 0)
            line(out, "received", a.received(), -1);
        if (a.complaints() > 0)
            line(out, "complaints", a.complaints(), -1);
        out.append("delivery time      ");
        for (double p : new double[] { 50, 90, 99 })
            out.append("  ").append((int) p + "% ").append(Figures.duration(a.secondsAt(p)));
        out.append('\n');
        for (Report.Table t : r.tables())
            table(t, out);
        for (Report.Reasons s : r.reasons())
            reasons(s, out);
        if (!r.notes().isEmpty())
            out.append('\n');
        for (String note : r.notes())
            out.append("note: ").append(Figures.printable(note)).append('\n');
    }

    private static void line(Appendable out, String name, long count, double share) throws IOException {
        out.append("%-18s%14s%s%n".formatted(name, Figures.count(count),
                share < 0 ? "" : "%9s".formatted(Figures.percent(share))));
    }

    private static void table(Report.Table t, Appendable out) throws IOException {
        List<String[]> rows = new ArrayList<>();
        if (t.dimension() == Dimension.CATEGORY)
            categories(t, rows);
        else
            outcomes(t, rows);
        aligned(t.dimension().title(), rows, out);
    }

    private static void categories(Report.Table t, List<String[]> rows) {
        long all = t.lines().stream().mapToLong(l -> l.tally().bounced() + l.tally().expired()).sum();
        rows.add(new String[] { t.dimension().column(), "bounces", "share", "deferred" });
        for (Report.Line l : t.lines()) {
            long n = l.tally().bounced() + l.tally().expired();
            rows.add(new String[] { Figures.cut(Figures.printable(Figures.named(l)), NAME), Figures.count(n),
                    Figures.percent(all == 0 ? -1 : (double) n / all), Figures.count(l.tally().deferred()) });
        }
    }

    private static void outcomes(Report.Table t, List<String[]> rows) {
        rows.add(new String[] { t.dimension().column(), "delivered", "bounced", "expired", "deferred", "delivered %",
                "bounced %", "50%", "99%" });
        for (Report.Line l : t.lines()) {
            Tally n = l.tally();
            rows.add(new String[] { Figures.cut(Figures.printable(Figures.named(l)), NAME),
                    Figures.count(n.delivered()), Figures.count(n.bounced()), Figures.count(n.expired()),
                    Figures.count(n.deferred()), Figures.percent(n.deliveredShare()),
                    Figures.percent(n.bouncedShare()), Figures.duration(n.secondsAt(50)),
                    Figures.duration(n.secondsAt(99)) });
        }
    }

    private static void aligned(String title, List<String[]> rows, Appendable out) throws IOException {
        out.append('\n').append(title).append('\n');
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows)
            for (int i = 0; i < row.length; i++)
                widths[i] = Math.max(widths[i], row[i].length());
        for (String[] row : rows) {
            out.append("  ").append(row[0]).append(" ".repeat(widths[0] - row[0].length()));
            for (int i = 1; i < row.length; i++)
                out.append(" ".repeat(widths[i] - row[i].length() + 2)).append(row[i]);
            out.append('\n');
        }
    }

    private static void reasons(Report.Reasons s, Appendable out) throws IOException {
        out.append('\n').append(s.title()).append('\n');
        for (Replies.Reply r : s.replies()) {
            out.append("%12s  %-18s %s%n".formatted(Figures.count(r.count()),
                    Figures.cut(Figures.printable(r.category().isEmpty() ? "(none)" : r.category()), 18),
                    Figures.cut(Figures.printable(r.pattern()), SAMPLE)));
            out.append("%12s  e.g. %s%s%n".formatted("", Figures.cut(Figures.printable(r.sample()), SAMPLE),
                    r.host().isEmpty() ? "" : "  by " + Figures.cut(Figures.printable(r.host()), 60)));
        }
        if (s.others() > 0)
            out.append("%12s  others%n".formatted(Figures.count(s.others())));
    }
}
