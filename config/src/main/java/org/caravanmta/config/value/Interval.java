package org.caravanmta.config.value;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TIME-INTERVAL: {@code 4d12h}, {@code 300s}, {@code 1w2d}; units w d h m s, each at most once, largest first.
 * {@code 0} needs no unit.
 */
public record Interval(Duration lowest, Duration highest) implements Grammar<Duration> {

    private static final Pattern FORM = Pattern
            .compile("(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?");
    private static final long[] SECONDS = { 604_800, 86_400, 3_600, 60, 1 };

    @Override
    public String expected() {
        return "a time interval from " + text(lowest) + " to " + text(highest) + ", such as 1h30m";
    }

    @Override
    public Duration parse(String text) throws Misunderstood {
        Matcher m = FORM.matcher(text.equals("0") ? "0s" : text);
        if (text.isEmpty() || !m.matches())
            throw misunderstood(text.matches("[0-9]+") ? "a unit is missing: " + text + "s for seconds"
                    : "numbers with the units w, d, h, m, s, largest first, without blanks: 4d12h");
        long seconds = 0;
        for (int i = 0; i < SECONDS.length; i++)
            if (m.group(i + 1) != null)
                seconds = Digits.plus(seconds, Digits.times(Digits.saturated(m.group(i + 1)), SECONDS[i]));
        Duration d = Duration.ofSeconds(seconds);
        if (d.compareTo(lowest) < 0)
            throw misunderstood("the lowest value is " + text(lowest));
        if (d.compareTo(highest) > 0)
            throw misunderstood("the highest value is " + text(highest));
        return d;
    }

    /** As an operator would write it: {@code 4d12h}; {@code 0} for nothing. */
    public static String text(Duration d) {
        String units = "wdhms";
        StringBuilder b = new StringBuilder();
        long left = d.toSeconds();
        for (int i = 0; i < SECONDS.length; i++) {
            boolean weeksAreRound = i > 0 || left % SECONDS[0] == 0;
            if (weeksAreRound && left >= SECONDS[i])
                b.append(left / SECONDS[i]).append(units.charAt(i));
            if (weeksAreRound)
                left %= SECONDS[i];
        }
        return b.isEmpty() ? "0" : b.toString();
    }
}
