package org.caravanmta.smtp;

/**
 * An SMTP reply (RFC 5321 §4.2).
 *
 * @param code     200–599
 * @param enhanced null when the peer sent none
 * @param text     without code and enhanced code; lines of a multi-line reply are joined by {@code \n}
 */
public record Reply(int code, EnhancedStatusCode enhanced, String text) {

    /** Our own replies: {@code Reply.of(452, "4.3.1", "Insufficient system storage")}. */
    public static Reply of(int code, String enhanced, String text) {
        return new Reply(code, parse(enhanced), text);
    }

    private static EnhancedStatusCode parse(String dotted) {
        if (dotted == null)
            return null;
        String[] p = dotted.split("\\.");
        return new EnhancedStatusCode(Integer.parseInt(p[0]), Integer.parseInt(p[1]), Integer.parseInt(p[2]));
    }

    public boolean positive() {
        return code < 400;
    }

    public boolean permanent() {
        return code >= 500;
    }

    /** As on the wire, in one line: {@code 550 5.1.1 no such user}. */
    @Override
    public String toString() {
        return code + " " + (enhanced == null ? "" : enhanced + " ") + text.replace('\n', ' ');
    }
}
