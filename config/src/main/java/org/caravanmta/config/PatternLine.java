package org.caravanmta.config;

import org.caravanmta.config.PatternList.Condition;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Expression;
import org.caravanmta.config.value.SlashedPattern;

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
                SlashedPattern p = SlashedPattern.parse(rest, EXPECTED);
                return new PatternLine(words[0].equals("mail-from") ? new Condition.MailFrom(Expression.of(p.pattern()))
                        : new Condition.RcptTo(Expression.of(p.pattern())), p.rest());
            }
            case "header" -> {
                String[] header = rest.split("\\s+", 2);
                String name = header[0].endsWith(":") ? header[0].substring(0, header[0].length() - 1) : header[0];
                if (header.length < 2 || !HeaderName.is(name) || name.startsWith("/"))
                    throw new Misunderstood(EXPECTED, "a header is written header NAME /re/");
                SlashedPattern p = SlashedPattern.parse(header[1], EXPECTED);
                return new PatternLine(new Condition.Header(name, Expression.of(p.pattern())), p.rest());
            }
            default -> throw new Misunderstood(EXPECTED, "begin with mail-from, rcpt-to, header or *");
        }
    }
}
