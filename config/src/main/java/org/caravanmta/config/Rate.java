package org.caravanmta.config;

import java.time.Duration;

import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Misunderstood;

/**
 * {@code N/[M]unit}: at most {@code count} in any window of length {@code per}. {@link #UNLIMITED} has count 0.
 */
public record Rate(long count, Duration per) {

    public static final Rate UNLIMITED = new Rate(0, Duration.ofSeconds(1));

    /**
     * {@code unlimited}, {@code 0}, {@code 250/h}, {@code 100/15m}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static Rate parse(String text) {
        try {
            return new RateGrammar().parse(text);
        } catch (Misunderstood e) {
            throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
        }
    }

    public boolean unlimited() {
        return count == 0;
    }

    /** As an operator would write it. */
    @Override
    public String toString() {
        return unlimited() ? "unlimited" : count + "/" + Interval.text(per);
    }
}
