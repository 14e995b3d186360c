package org.caravanmta.config.value;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression between slashes, and what stands behind it. A slash within the expression is written
 * {@code \/}. Case does not matter.
 *
 * @param rest what stands behind the expression, without blanks around it; empty when nothing does
 */
public record SlashedPattern(Pattern pattern, String rest) {

    /** @param expected the whole line, in words that fit behind "expected" */
    public static SlashedPattern parse(String text, String expected) throws Misunderstood {
        int end = end(text, expected);
        return new SlashedPattern(compile(text.substring(1, end)), text.substring(end + 1).strip());
    }

    /** Of the closing slash. */
    private static int end(String text, String expected) throws Misunderstood {
        if (!text.startsWith("/"))
            throw new Misunderstood(expected, "the expression stands between slashes: /@example\\.com$/");
        for (int i = 1; i < text.length(); i++)
            if (text.charAt(i) == '\\')
                i++;
            else if (text.charAt(i) == '/')
                return i;
        throw new Misunderstood(expected, "the closing slash is missing");
    }

    private static Pattern compile(String expression) throws Misunderstood {
        try {
            return Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new Misunderstood("a regular expression in RE2 syntax (" + e.getDescription()
                    + (e.getPattern() == null || e.getPattern().isEmpty() ? "" : ": " + e.getPattern()) + ")",
                    "there is no looking ahead or behind, and no reference back");
        }
    }
}
