package org.caravanmta.config;

import java.time.Duration;

/**
 * {@code N/[M]unit}: at most {@code count} in any window of length {@code per}. {@link #UNLIMITED} has count 0.
 */
public record Rate(long count, Duration per) {

    public static final Rate UNLIMITED = new Rate(0, Duration.ofSeconds(1));

    public boolean unlimited() {
        return count == 0;
    }
}
