package org.caravanmta.bounce.category;

import org.caravanmta.smtp.EnhancedStatusCode;

/** Makes one line of a reply: see {@link ReplyText}. */
final class OneLine {

    private final String in;
    private final int length;
    private final String code;
    private final String status;
    private final StringBuilder out;

    private OneLine(String in, int code, EnhancedStatusCode status) {
        this.in = in;
        length = Math.min(in.length(), ReplyText.LONGEST);
        this.code = code == 0 ? null : Integer.toString(code);
        this.status = status == null ? null : status.toString();
        out = new StringBuilder(length);
    }

    /** @param code its repetitions at the beginning of lines that were joined are left out; 0 is none */
    static String of(String in, int code, EnhancedStatusCode status) {
        return new OneLine(in, code, status).join();
    }

    private String join() {
        boolean blank = false;
        for (int i = 0; i < length; i++) {
            char c = plain(in.charAt(i));
            if (c == ' ') {
                blank = !out.isEmpty();
                continue;
            }
            if (blank || out.isEmpty()) {
                int end = codes(i);
                if (end > i) {
                    i = end - 1;
                    continue;
                }
            }
            if (blank)
                out.append(' ');
            blank = false;
            out.append(c);
        }
        return out.toString();
    }

    /** Behind {@code 550-5.1.1}, {@code 550-} or {@code 550 5.1.1} at {@code at}; else {@code at}. */
    private int codes(int at) {
        if (code == null || !in.startsWith(code, at))
            return at;
        int i = at + code.length();
        if (i >= length || in.charAt(i) != '-' && in.charAt(i) != ' ')
            return at;
        int end = status != null && in.startsWith(status, i + 1) ? i + 1 + status.length() : i + 1;
        boolean whole = end >= length || in.charAt(end) <= ' ';
        if (in.charAt(i) == '-')
            return whole || end == i + 1 ? end : i + 1;
        return whole && end > i + 1 ? end : at;
    }

    private static char plain(char c) {
        if (c <= ' ' || c >= 127 && c <= 160)
            return ' ';
        if (c < 127)
            return c;
        return switch (c) {
            case '\u2018', '\u2019', '\u00b4' -> '\'';
            case '\u201c', '\u201d', '\u00ab', '\u00bb' -> '"';
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014' -> '-';
            case '\u2028', '\u2029', '\u3000', '\ufeff' -> ' ';
            default -> c;
        };
    }
}
