package org.caravanmta.config;

import org.caravanmta.config.PatternList.Condition;
import org.caravanmta.config.value.Misunderstood;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * One line of a pattern list as written: {@code mail-from /re/}, {@code rcpt-to /re/}, {@code header NAME /re/} or
 * {@code *}, and behind it a result. A slash within the expression is written {@code \/}.
 *
 * @param result what stands behind the expression; empty when nothing does
 */
record PatternLine(Condition when, String result) {

    static final String EXPECTED = "mail-from /re/, rcpt-to /re/, header NAME /re/ or *, and virtual-mta=NAME or "
            + "call-to:LIST behind it";

    static PatternLine parse(String text) throws Misunderstood {
        String[] words = text.split("\\s+", 2);
        String rest = words.length == 1 ? "" : words[1];
        switch (words[0]) {
            case "*" -> {
                return new PatternLine(new Condition.Always(), rest);
            }
            case "mail-from", "rcpt-to" -> {
                int end = end(rest);
                Pattern pattern = compile(rest.substring(1, end));
                return new PatternLine(words[0].equals("mail-from") ? new Condition.MailFrom(pattern)
                        : new Condition.RcptTo(pattern), rest.substring(end + 1).strip());
            }
            case "header" -> {
                String[] header = rest.split("\\s+", 2);
                String name = header[0].endsWith(":") ? header[0].substring(0, header[0].length() - 1) : header[0];
                if (header.length < 2 || !HeaderName.is(name) || name.startsWith("/"))
                    throw new Misunderstood(EXPECTED, "a header is written header NAME /re/");
                int end = end(header[1]);
                return new PatternLine(new Condition.Header(name, compile(header[1].substring(1, end))),
                        header[1].substring(end + 1).strip());
            }
            default -> throw new Misunderstood(EXPECTED, "begin with mail-from, rcpt-to, header or *");
        }
    }

    /** Of the closing slash. */
    private static int end(String text) throws Misunderstood {
        if (!text.startsWith("/"))
            throw new Misunderstood(EXPECTED, "the expression stands between slashes: /@example\\.com$/");
        for (int i = 1; i < text.length(); i++)
            if (text.charAt(i) == '\\')
                i++;
            else if (text.charAt(i) == '/')
                return i;
        throw new Misunderstood(EXPECTED, "the closing slash is missing");
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
