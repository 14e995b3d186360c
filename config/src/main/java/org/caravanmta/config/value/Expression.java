package org.caravanmta.config.value;

import com.google.re2j.Pattern;

/**
 * A regular expression that is looked for anywhere in a text, without case. Most that operators write are plain text
 * between anchors ({@code @example\.com$}): these are compared as text, some hundred times as fast; all others are left to
 * RE2. Immutable.
 *
 * @param literal the same as plain text; null when it is more than that
 */
public record Expression(Pattern pattern, Literal literal) {

    /** Longer text is left to RE2, whose time does not grow with the product of both lengths. */
    private static final int LONGEST = 64;

    /** Text that has to stand at the beginning, at the end, both, or anywhere. */
    record Literal(String text, boolean begins, boolean ends) {

        boolean foundIn(String whole) {
            int last = whole.length() - text.length();
            if (last < 0 || begins && ends && last > 0)
                return false;
            if (begins || ends)
                return at(whole, begins ? 0 : last);
            for (int i = 0; i <= last; i++)
                if (at(whole, i))
                    return true;
            return false;
        }

        private boolean at(String whole, int offset) {
            return whole.regionMatches(true, offset, text, 0, text.length());
        }
    }

    /** @param pattern compiled without case, and without the flag for lines */
    public static Expression of(Pattern pattern) {
        return new Expression(pattern, literal(pattern.pattern()));
    }

    public boolean foundIn(String text) {
        return literal == null ? pattern.matcher(text).find() : literal.foundIn(text);
    }

    private static Literal literal(String expression) {
        boolean begins = expression.startsWith("^");
        boolean ends = expression.endsWith("$") && !expression.endsWith("\\$");
        String middle = expression.substring(begins ? 1 : 0,
                Math.max(begins ? 1 : 0, expression.length() - (ends ? 1 : 0)));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < middle.length(); i++) {
            char c = middle.charAt(i);
            boolean escaped = c == '\\';
            if (escaped && ++i == middle.length())
                return null;
            c = middle.charAt(i);
            if (escaped ? !mark(c) : !plain(c))
                return null;
            text.append(c);
        }
        return text.isEmpty() || text.length() > LONGEST ? null : new Literal(text.toString(), begins, ends);
    }

    /** Means itself when it is not escaped. */
    private static boolean plain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "@-_=%/ ,:;<>!\"'&~`#".indexOf(c) >= 0;
    }

    /** Means itself when it is escaped. */
    private static boolean mark(char c) {
        return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
}
