package org.caravanmta.bounce.category;

import org.caravanmta.smtp.EnhancedStatusCode;
import org.caravanmta.smtp.Reply;

/**
 * A reply as rules see it: one line, blanks collapsed, codes taken off, typographic quotes and dashes made plain. Only
 * the first {@link #LONGEST} characters count.
 *
 * @param code   0 when there was none
 * @param status null when there was none, neither in front nor within the text
 * @param text   in the case in which it came
 */
public record ReplyText(int code, EnhancedStatusCode status, String text) {

    static final int LONGEST = 4096;
    private static final int CODE_LENGTH = 3;

    public static ReplyText of(Reply reply) {
        String text = OneLine.of(reply.text(), reply.code(), reply.enhanced());
        EnhancedStatusCode own = reply.enhanced();
        return new ReplyText(reply.code(), own != null ? own : FoundStatus.in(text, reply.code() / 100), text);
    }

    /**
     * Of a line from a log or an accounting file: {@code 550 5.1.1 …}, {@code 550-…}, {@code smtp;550 …},
     * {@code 5.1.1 (…)}, or words alone.
     */
    public static ReplyText parse(String line) {
        String s = (line.length() > LONGEST ? line.substring(0, LONGEST) : line).strip();
        if (s.regionMatches(true, 0, "smtp;", 0, 5))
            s = s.substring(5).strip();
        int code = code(s);
        if (code != 0)
            s = s.substring(Math.min(s.length(), CODE_LENGTH + 1)).strip();
        int end = FoundStatus.end(s, 0);
        EnhancedStatusCode front = end < 0 || s.charAt(0) == '2' ? null : FoundStatus.parse(s, 0, end);
        String text = OneLine.of(front == null ? s : s.substring(end), code, front);
        return new ReplyText(code, front != null ? front : FoundStatus.in(text, code / 100), text);
    }

    private static int code(String s) {
        if (s.length() < CODE_LENGTH || s.charAt(0) < '2' || s.charAt(0) > '5' || !digit(s, 1) || !digit(s, 2)
                || s.length() > CODE_LENGTH && s.charAt(CODE_LENGTH) != ' ' && s.charAt(CODE_LENGTH) != '-')
            return 0;
        return Integer.parseInt(s, 0, CODE_LENGTH, 10);
    }

    private static boolean digit(String s, int i) {
        return s.charAt(i) >= '0' && s.charAt(i) <= '9';
    }

    /** With codes, as an operator's expression sees it: {@code 550 5.1.1 no such user}. */
    public String line() {
        return (code == 0 ? "" : code + " ") + (status == null ? "" : status + " ") + text;
    }
}
