package org.caravanmta.report;

/**
 * What replies have in common: addresses, numbers and ids become signs, so that two replies that say the same are the
 * same. A scan by characters: what a stranger writes meets no regular expression.
 */
final class ReplyPattern {

    private static final int LONGEST = 160;

    private ReplyPattern() {
    }

    /** @param reply as in dsnDiag: {@code smtp;550 5.1.1 <joe@example.net> unknown, id=4bXk29Qz} */
    static String of(String reply) {
        int semicolon = reply.indexOf(';');
        String text = semicolon >= 0 && semicolon < 12 ? reply.substring(semicolon + 1) : reply;
        StringBuilder b = new StringBuilder(Math.min(text.length(), LONGEST) + 8);
        int i = 0;
        while (i < text.length() && b.length() < LONGEST) {
            char c = text.charAt(i);
            if (!word(c)) {
                boolean blank = c <= ' ';
                if (!blank || b.length() > 0 && b.charAt(b.length() - 1) != ' ')
                    b.append(blank ? ' ' : c);
                i++;
                continue;
            }
            int from = i;
            boolean at = false;
            int digits = 0;
            int dots = 0;
            while (i < text.length() && word(text.charAt(i))) {
                char w = text.charAt(i++);
                at |= w == '@';
                if (w >= '0' && w <= '9')
                    digits++;
                if (w == '.')
                    dots++;
            }
            // The first line of several: 550-5.7.1
            if (b.isEmpty() && i - from > 4 && text.charAt(from + 3) == '-'
                    && status(text.substring(from, from + 3), 3, 0, 0)) {
                b.append(text, from, from + 3).append(' ');
                i = from + 4;
                continue;
            }
            String word = text.substring(from, i);
            boolean value = b.length() > 0 && b.charAt(b.length() - 1) == '=';
            if (at)
                b.append("(address)");
            else if (value)
                b.append('#');
            else if (digits == 0 || status(word, digits, dots, b.length()))
                b.append(word);
            else
                b.append(digits + dots == word.length() && dots == 3 ? "(ip)" : "#");
        }
        return b.toString().strip();
    }

    private static boolean word(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '@' || c == '.' || c == '_'
                || c == '-' || c == '+' || c > 127;
    }

    /** The code at the beginning, or an enhanced one soon after it. */
    private static boolean status(String word, int digits, int dots, int at) {
        return at == 0 && digits == 3 && word.length() == 3 && "245".indexOf(word.charAt(0)) >= 0
                || at <= 5 && dots == 2 && digits + dots == word.length() && digits <= 7;
    }
}
