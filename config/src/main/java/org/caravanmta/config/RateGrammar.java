package org.caravanmta.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.caravanmta.config.value.Digits;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * RATE: {@code unlimited}, {@code 0} (the same), or {@code N/[M]unit}. Counts beyond {@link #HIGHEST_COUNT} are taken as
 * that: some configurations write absurd numbers where they mean "off", and arithmetic on rates must not overflow.
 */
record RateGrammar() implements Grammar<Rate> {

    static final long HIGHEST_COUNT = 1_000_000_000_000L;
    private static final long HIGHEST_SECONDS = Duration.ofDays(366).toSeconds();
    private static final Pattern FORM = Pattern.compile("([0-9]+)\\s*/\\s*([0-9]*)(d|day|h|hr|m|min|s|sec)",
            Pattern.CASE_INSENSITIVE);

    @Override
    public String expected() {
        return "a rate such as 250/h, 100/15m or unlimited";
    }

    @Override
    public Rate parse(String text) throws Misunderstood {
        if (text.equals("unlimited") || text.equals("0"))
            return Rate.UNLIMITED;
        Matcher m = FORM.matcher(text);
        if (!m.matches())
            throw misunderstood(text.matches("[0-9]+") ? "say per what: " + text + "/h, /min, /s or /d"
                    : "N/unit with the units d, day, h, hr, m, min, s, sec, with or without a multiple: 83/5s");
        long count = Math.min(HIGHEST_COUNT, Digits.saturated(m.group(1)));
        if (count == 0)
            throw misunderstood("write unlimited for no limit; 0 never means none at all");
        long multiple = m.group(2).isEmpty() ? 1 : Digits.saturated(m.group(2));
        long seconds = Digits.times(multiple, unitSeconds(m.group(3)));
        if (seconds == 0 || seconds > HIGHEST_SECONDS)
            throw misunderstood("the time is from 1s to 366d");
        return new Rate(count, Duration.ofSeconds(seconds));
    }

    private static long unitSeconds(String unit) {
        return switch (Character.toLowerCase(unit.charAt(0))) {
            case 'd' -> 86_400;
            case 'h' -> 3_600;
            case 'm' -> 60;
            default -> 1;
        };
    }
}
