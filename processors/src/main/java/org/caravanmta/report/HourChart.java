package org.caravanmta.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Stacked bars of outcomes by hour, as SVG; by day, or by several of them, where hours would be too many to see. */
final class HourChart {

    private static final int WIDTH = 1030;
    private static final int HEIGHT = 250;
    private static final int LEFT = 64;
    private static final int TOP = 10;
    private static final int BOTTOM = 30;
    private static final int MOST_BARS = 96;
    private static final int DAY = 10;

    private HourChart() {
    }

    private record Bar(String name, Tally tally) {
    }

    static String of(List<Report.Line> hours) {
        List<Bar> bars = bars(hours);
        long most = bars.stream().mapToLong(b -> b.tally().settled()).max().orElse(0);
        long step = step(Math.max(1, most));
        long high = Math.max(step, (most + step - 1) / step * step);
        StringBuilder s = new StringBuilder(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"outcomes over time\">\n"
                        .formatted(WIDTH, HEIGHT));
        double plot = HEIGHT - TOP - BOTTOM;
        for (long v = 0; v <= high; v += step) {
            double y = TOP + plot * (high - v) / high;
            add(s, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                    + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT, WIDTH, y, y, LEFT - 10, y + 4,
                    Figures.count(v));
        }
        double slot = (double) (WIDTH - LEFT) / bars.size();
        double wide = Math.min(48, slot * 0.76);
        int each = Math.max(1, (int) Math.ceil(bars.size() / 12.0));
        for (int i = 0; i < bars.size(); i++) {
            Bar b = bars.get(i);
            double x = LEFT + slot * i + (slot - wide) / 2;
            Tally t = b.tally();
            double y = HEIGHT - BOTTOM;
            add(s, "<g><title>%s: %s delivered, %s bounced, %s expired</title>", HtmlReport.text(b.name()),
                    Figures.count(t.delivered()), Figures.count(t.bounced()), Figures.count(t.expired()));
            long[] parts = { t.delivered(), t.bounced(), t.expired() };
            String[] styles = { "fd", "fb", "fx" };
            for (int p = 0; p < parts.length; p++) {
                double h = plot * parts[p] / high;
                y -= h;
                if (parts[p] > 0)
                    add(s, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", styles[p], x, y,
                            wide, h);
            }
            s.append("</g>\n");
            if (i % each == 0)
                add(s, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x + wide / 2, HEIGHT - 8,
                        label(bars, i, i - each));
        }
        return s.append("</svg>\n").toString();
    }

    private static void add(StringBuilder s, String form, Object... values) {
        s.append(String.format(Locale.ROOT, form, values));
    }

    /** The hour, and the day where it begins; only the day of days. */
    private static String label(List<Bar> bars, int i, int labelled) {
        String name = bars.get(i).name();
        if (name.length() < DAY)
            return "?";
        String day = name.substring(5, DAY);
        if (name.length() == DAY)
            return day;
        boolean same = labelled >= 0 && bars.get(labelled).name().startsWith(name.substring(0, DAY));
        return same ? name.substring(DAY + 1) : day + " " + name.substring(DAY + 1);
    }

    private static List<Bar> bars(List<Report.Line> hours) {
        List<Bar> bars = new ArrayList<>();
        for (Report.Line l : hours)
            if (!l.name().isEmpty() && !l.others())
                bars.add(new Bar(l.name(), l.tally()));
        if (bars.size() > MOST_BARS)
            bars = byDay(bars);
        if (bars.isEmpty())
            bars.add(new Bar("no time", new Tally()));
        return bars;
    }

    private static List<Bar> byDay(List<Bar> hours) {
        List<Bar> days = new ArrayList<>();
        for (Bar b : hours) {
            String day = b.name().substring(0, DAY);
            if (days.isEmpty() || !days.getLast().name().equals(day))
                days.add(new Bar(day, new Tally()));
            days.getLast().tally().add(b.tally());
        }
        return days;
    }

    /** 1, 2 or 5 times a power of ten, so that there are three to six lines. */
    private static long step(long most) {
        long power = 1;
        while (power * 10 <= most / 3)
            power *= 10;
        for (int m : new int[] { 1, 2, 5 })
            if (most / (power * m) <= 5)
                return power * m;
        return power * 10;
    }
}
