package org.caravanmta.report;

import java.util.Locale;

/** Numbers for people, and text of strangers made harmless. */
final class Figures {

    private Figures() {
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Of a share from 0 to 1; a dash below 0. */
    static String percent(double share) {
        return share < 0 ? "–" : String.format(Locale.ROOT, share > 0 && share < 0.0995 ? "%.2f%%" : "%.1f%%",
                share * 100);
    }

    static String duration(long s) {
        if (s < 0)
            return "–";
        if (s < 60)
            return s + " s";
        if (s < 3600)
            return String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60);
        if (s < 172_800)
            return String.format(Locale.ROOT, "%d:%02d h", s / 3600, s % 3600 / 60);
        return String.format(Locale.ROOT, "%.1f d", s / 86400.0);
    }

    /** One line without anything that steers a terminal or turns text around. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    static String cut(String text, int longest) {
        if (text.length() <= longest)
            return text;
        int to = Character.isHighSurrogate(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
        return text.substring(0, to) + "…";
    }

    /** For a name that is empty. */
    static String named(Report.Line line) {
        return line.name().isEmpty() ? "(none)" : line.name();
    }
}
