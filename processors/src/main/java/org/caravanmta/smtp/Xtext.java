package org.caravanmta.smtp;

/** The encoding of ENVID and ORCPT (RFC 3461 §4). */
public final class Xtext {

    private Xtext() {
    }

    /**
     * Whether it is xtext that means printable ASCII.
     *
     * @param utf8 whether characters beyond ASCII may stand in it as they are (RFC 6533 §3)
     */
    public static boolean printable(String text, boolean utf8) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                int b = i + 2 < text.length() ? hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)) : -1;
                if (b < ' ' || b > 126)
                    return false;
                i += 2;
            } else if (c <= ' ' || c == '=' || c == 127 || c > 127 && (!utf8 || c == 0xfffd || !Character.isDefined(c)
                    || Character.isISOControl(c))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** What {@link #printable} xtext means. */
    public static String decode(String text) {
        if (text.indexOf('+') < 0)
            return text;
        StringBuilder b = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' && i + 2 < text.length()) {
                b.append((char) (hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2))));
                i += 2;
            } else {
                b.append(c);
            }
        }
        return b.toString();
    }

    /** In capitals only; −1 when it is none, which stays negative when shifted. */
    private static int hex(char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}
