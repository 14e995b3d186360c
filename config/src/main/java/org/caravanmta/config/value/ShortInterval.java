package org.caravanmta.config.value;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time far below a second: {@code 500us}, {@code 2ms}. */
public record ShortInterval(Duration lowest, Duration highest) implements Grammar<Duration> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(us|ms)");

    @Override
    public String expected() {
        return "a time from " + text(lowest) + " to " + text(highest) + ", such as 500us or 1ms";
    }

    @Override
    public Duration parse(String text) throws Misunderstood {
        Matcher m = FORM.matcher(text);
        if (!m.matches())
            throw misunderstood("a whole number and one of the units us, ms, without blanks: 500us");
        Duration d = Duration.of(Long.parseLong(m.group(1)),
                m.group(2).equals("us") ? ChronoUnit.MICROS : ChronoUnit.MILLIS);
        if (d.compareTo(lowest) < 0)
            throw misunderstood("the lowest value is " + text(lowest));
        if (d.compareTo(highest) > 0)
            throw misunderstood("the highest value is " + text(highest));
        return d;
    }

    private static String text(Duration d) {
        long us = d.toNanos() / 1_000;
        return us % 1_000 == 0 ? us / 1_000 + "ms" : us + "us";
    }
}
