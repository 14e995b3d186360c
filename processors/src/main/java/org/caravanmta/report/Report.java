package org.caravanmta.report;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a report shows, before it has a form.
 *
 * @param period of the records, in words
 * @param notes  what a reader must know to trust the numbers
 */
public record Report(String title, String period, Tally all, long records, List<Table> tables, List<Reasons> reasons,
        List<String> notes) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx");

    /** @param name empty: the records have none there */
    record Line(String name, Tally tally, boolean others) {
    }

    record Table(Dimension dimension, List<Line> lines) {
    }

    /** @param others of replies that are not listed */
    record Reasons(String id, String title, List<Replies.Reply> replies, long others) {
    }

    /**
     * @param of   added to the title; null: nothing
     * @param top  lines of each table
     * @param more further notes
     */
    public static Report of(ReportKind kind, String of, List<Dimension> dimensions, Aggregate a, int top, BadLines bad,
            List<String> more) {
        List<String> notes = new ArrayList<>(more);
        List<Table> tables = new ArrayList<>();
        for (Dimension d : dimensions)
            tables.add(table(d, a.by(d), kind == ReportKind.BOUNCES, top, notes));
        List<Reasons> reasons = new ArrayList<>();
        if (kind.replies()) {
            reasons(reasons, "bounces", "Why mail bounced", a.bounces(), top);
            reasons(reasons, "deferrals", "Why attempts were deferred", a.deferrals(), top);
        }
        if (bad.count() > 0) {
            notes.add(bad.count() == 1 ? "one line could not be read and is not counted:"
                    : bad.count() + " lines could not be read and are not counted:");
            notes.addAll(bad.named());
            if (bad.count() > bad.named().size())
                notes.add("… and " + (bad.count() - bad.named().size()) + " more");
        }
        return new Report(of == null ? kind.title() : kind.title() + ": " + of, period(a), a.all(), a.records(), tables,
                reasons, notes);
    }

    private static String period(Aggregate a) {
        if (a.lastMs() < 0)
            return "no records";
        return TIME.format(Instant.ofEpochMilli(a.firstMs()).atZone(a.zone())) + " to "
                + TIME.format(Instant.ofEpochMilli(a.lastMs()).atZone(a.zone()));
    }

    private static Table table(Dimension d, Groups groups, boolean byBounces, int top, List<String> notes) {
        boolean inTime = d == Dimension.HOUR;
        List<Groups.Named> all = inTime ? groups.sorted(Comparator.comparing(Groups.Named::name))
                : byBounces ? groups.sorted(Comparator
                        .comparingLong((Groups.Named n) -> -n.tally().bounced() - n.tally().expired())
                        .thenComparing(Groups.Named::name)) : groups.byWeight();
        int shown = inTime ? all.size() : Math.min(top, all.size());
        List<Line> lines = new ArrayList<>();
        for (Groups.Named n : all.subList(0, shown))
            lines.add(new Line(n.name(), n.tally(), false));
        Tally rest = new Tally();
        all.subList(shown, all.size()).forEach(n -> rest.add(n.tally()));
        rest.add(groups.others());
        if (rest.weight() > 0)
            lines.add(new Line("others", rest, true));
        if (groups.folded() > 0)
            notes.add(d.title() + ": more names than are kept; small ones went into others, and counts of small names"
                    + " may be too low. Sums are exact.");
        return new Table(d, lines);
    }

    private static void reasons(List<Reasons> to, String id, String title, Replies replies, int top) {
        List<Replies.Reply> all = replies.byCount();
        if (all.isEmpty())
            return;
        int shown = Math.min(top, all.size());
        long others = replies.others() + all.subList(shown, all.size()).stream().mapToLong(Replies.Reply::count).sum();
        to.add(new Reasons(id, title, all.subList(0, shown), others));
    }
}
