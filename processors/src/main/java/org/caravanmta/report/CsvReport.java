package org.caravanmta.report;

import java.io.IOException;

/** RFC 4180, one line for each line of each table; fields that look like a formula are guarded as in the exports. */
final class CsvReport {

    private static final String GUARDED = "=+-@\t\r\n'";

    private CsvReport() {
    }

    static void write(Report r, Appendable out) throws IOException {
        out.append("section,name,category");
        for (ReportColumn c : ReportColumn.ALL)
            out.append(',').append(c.name());
        out.append(",count,sample\r\n");
        line(out, "all", "", r.all());
        for (Report.Table t : r.tables())
            for (Report.Line l : t.lines())
                line(out, t.dimension().word(), l.others() ? "(others)" : l.name(), l.tally());
        for (Report.Reasons s : r.reasons()) {
            for (Replies.Reply p : s.replies())
                reply(out, s.id(), p.pattern(), p.category(), p.count(), p.sample());
            if (s.others() > 0)
                reply(out, s.id(), "(others)", "", s.others(), "");
        }
        for (String note : r.notes())
            reply(out, "note", note, "", -1, "");
    }

    private static void line(Appendable out, String section, String name, Tally t) throws IOException {
        out.append(section).append(',').append(field(name)).append(',');
        for (ReportColumn c : ReportColumn.ALL) {
            String value = c.of(t);
            out.append(',').append(value == null ? "" : value);
        }
        out.append(",,\r\n");
    }

    private static void reply(Appendable out, String section, String name, String category, long count, String sample)
            throws IOException {
        out.append(section).append(',').append(field(name)).append(',').append(field(category))
                .append(",".repeat(ReportColumn.ALL.size() + 1)).append(count < 0 ? "" : Long.toString(count))
                .append(',').append(field(sample)).append("\r\n");
    }

    private static String field(String text) {
        String clean = Figures.printable(text);
        String value = !clean.isEmpty() && GUARDED.indexOf(clean.charAt(0)) >= 0 ? "'" + clean : clean;
        return value.indexOf(',') >= 0 || value.indexOf('"') >= 0 ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }
}
