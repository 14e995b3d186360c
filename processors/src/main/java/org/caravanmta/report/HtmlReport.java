package org.caravanmta.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One page for people, well-formed as XML too. It loads nothing and runs nothing, and says so to the browser; every text is
 * escaped, whoever wrote it.
 */
final class HtmlReport {

    private static final int LONG = 14;

    private final Report report;
    private final Appendable out;

    HtmlReport(Report report, Appendable out) {
        this.report = report;
        this.out = out;
    }

    void write() throws IOException {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
                + "<title>").append(text(report.title())).append("</title>\n<style>\n").append(style())
                .append("</style>\n</head>\n<body>\n<main>\n<header>\n<h1>").append(text(report.title()))
                .append("</h1>\n<p>").append(text(report.period())).append(" · ")
                .append(Figures.count(report.records())).append(" records</p>\n</header>\n");
        figures(report.all());
        for (Report.Table t : report.tables()) {
            if (t.dimension() == Dimension.HOUR)
                chart(t);
            else if (t.dimension() == Dimension.CATEGORY)
                categories(t);
            else
                table(t);
        }
        for (Report.Reasons r : report.reasons())
            reasons(r);
        if (!report.notes().isEmpty()) {
            out.append("<section class=\"notes long\">\n<h2>Notes</h2>\n");
            for (String note : report.notes())
                out.append("<p>").append(text(note)).append("</p>\n");
            out.append("</section>\n");
        }
        out.append("</main>\n</body>\n</html>\n");
    }

    private void figures(Tally a) throws IOException {
        out.append("<section class=\"figures\">\n");
        figure("Delivered", Figures.percent(a.deliveredShare()), Figures.count(a.delivered()) + " recipients", "good");
        figure("Bounced", Figures.percent(a.bouncedShare()), Figures.count(a.bounced()) + " recipients",
                a.bounced() > 0 ? "bad" : "");
        figure("Expired, deferred", Figures.count(a.expired()), Figures.count(a.deferred()) + " deferred attempts"
                + (a.complaints() > 0 ? ", " + Figures.count(a.complaints()) + " complaints" : ""), "");
        figure("Delivery time, median", Figures.duration(a.secondsAt(50)),
                "90% " + Figures.duration(a.secondsAt(90)) + " · 99% " + Figures.duration(a.secondsAt(99)), "");
        out.append("</section>\n");
    }

    private void figure(String name, String value, String more, String style) throws IOException {
        out.append("<div><span>").append(name).append("</span><b class=\"").append(style).append("\">").append(value)
                .append("</b><small>").append(more).append("</small></div>\n");
    }

    private void chart(Report.Table t) throws IOException {
        if (t.lines().isEmpty())
            return;
        out.append(
                "<section>\n<h2>Outcomes over time</h2>\n<p class=\"legend\"><span><i class=\"fd\"></i>delivered</span>"
                        + "<span><i class=\"fb\"></i>bounced</span><span><i class=\"fx\"></i>expired</span></p>\n")
                .append("<div class=\"scroll\">").append(HourChart.of(t.lines())).append("</div></section>\n");
    }

    private void categories(Report.Table t) throws IOException {
        if (t.lines().isEmpty())
            return;
        long most = t.lines().stream().mapToLong(l -> bounces(l.tally())).max().orElse(0);
        long sum = t.lines().stream().mapToLong(l -> bounces(l.tally())).sum();
        out.append("<section>\n<h2>Bounce categories</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>Category</th>"
                + "<th></th><th>Bounces</th><th>Share</th><th>Deferred attempts</th></tr></thead>\n<tbody>\n");
        for (Report.Line l : t.lines()) {
            long n = bounces(l.tally());
            row(l).append("<td><span class=\"bar\">").append(part("fb", most == 0 ? 0 : (double) n / most))
                    .append("</span></td>");
            number(n);
            out.append("<td>").append(Figures.percent(sum == 0 ? -1 : (double) n / sum)).append("</td>");
            number(l.tally().deferred());
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table></div>\n</section>\n");
    }

    private static long bounces(Tally t) {
        return t.bounced() + t.expired();
    }

    private void table(Report.Table t) throws IOException {
        if (t.lines().isEmpty() || t.lines().size() == 1 && t.lines().getFirst().name().isEmpty())
            return;
        out.append("<section").append(t.lines().size() > LONG ? " class=\"long\"" : "").append(">\n<h2>")
                .append(t.dimension().title()).append("</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>")
                .append(capital(t.dimension().column())).append("</th><th></th><th>Delivered</th><th>Rate</th>"
                        + "<th>Bounced</th><th>Rate</th><th>Expired</th><th>Deferred</th><th>Median</th><th>99%</th>"
                        + "</tr></thead>\n<tbody>\n");
        for (Report.Line l : t.lines()) {
            Tally n = l.tally();
            row(l).append("<td><span class=\"bar\">");
            if (n.settled() > 0)
                out.append(part("fd", n.deliveredShare())).append(part("fb", n.bouncedShare()))
                        .append(part("fx", (double) n.expired() / n.settled()));
            out.append("</span></td>");
            number(n.delivered());
            out.append("<td>").append(Figures.percent(n.deliveredShare())).append("</td>");
            number(n.bounced());
            out.append("<td>").append(Figures.percent(n.bouncedShare())).append("</td>");
            number(n.expired());
            number(n.deferred());
            out.append("<td>").append(Figures.duration(n.secondsAt(50))).append("</td><td>")
                    .append(Figures.duration(n.secondsAt(99))).append("</td></tr>\n");
        }
        out.append("</tbody>\n</table></div>\n</section>\n");
    }

    private Appendable row(Report.Line l) throws IOException {
        return out.append(l.others() ? "<tr class=\"rest\">" : "<tr>").append("<td>")
                .append(text(Figures.named(l))).append("</td>");
    }

    private void number(long n) throws IOException {
        out.append(n == 0 ? "<td class=\"zero\">" : "<td>").append(Figures.count(n)).append("</td>");
    }

    private static String part(String style, double share) {
        return share <= 0 ? ""
                : String.format(Locale.ROOT, "<i class=\"%s\" style=\"width:%.2f%%\"></i>", style, share * 100);
    }

    private void reasons(Report.Reasons r) throws IOException {
        out.append("<section class=\"long\">\n<h2>").append(r.title()).append("</h2>\n<ol class=\"why\">\n");
        for (Replies.Reply p : r.replies()) {
            out.append("<li><b>").append(Figures.count(p.count())).append("</b><div>").append(text(p.pattern()))
                    .append("<em>").append(text(p.category().isEmpty() ? "no category" : p.category()))
                    .append("</em><code>").append(text(p.sample()));
            if (!p.host().isEmpty())
                out.append(" — ").append(text(p.host()));
            out.append("</code></div></li>\n");
        }
        if (r.others() > 0)
            out.append("<li><b>").append(Figures.count(r.others())).append("</b><div>others</div></li>\n");
        out.append("</ol>\n</section>\n");
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /** For an element or a quoted attribute. */
    static String text(String any) {
        StringBuilder b = new StringBuilder(any.length() + 16);
        for (char c : Figures.printable(any).toCharArray()) {
            switch (c) {
                case '<' -> b.append("&lt;");
                case '>' -> b.append("&gt;");
                case '&' -> b.append("&amp;");
                case '"' -> b.append("&quot;");
                case '\'' -> b.append("&#39;");
                case '\ufffe', '\uffff' -> b.append('?');
                default -> b.append(c);
            }
        }
        return b.toString();
    }

    private static String style() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
