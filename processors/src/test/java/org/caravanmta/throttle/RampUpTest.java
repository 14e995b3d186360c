package org.caravanmta.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class RampUpTest {

    private static final Duration STEP = Duration.ofNanos(100);

    @Test
    void oneMoreInEachIntervalSinceTheFirstWasOpen() {
        RampUp r = new RampUp();
        assertThat(r.allowed(STEP, 3, 5_000)).isEqualTo(1);
        assertThat(r.waitNanos(STEP, 5_000)).isEqualTo(SlidingWindow.NOT_BY_TIME);
        r.opened(1_000);
        r.opened(1_050);
        assertThat(r.allowed(STEP, 3, 1_099)).isEqualTo(1);
        assertThat(r.waitNanos(STEP, 1_099)).isEqualTo(1);
        assertThat(r.allowed(STEP, 3, 1_100)).isEqualTo(2);
        assertThat(r.waitNanos(STEP, 1_100)).isEqualTo(100);
        assertThat(r.allowed(STEP, 3, 1_000_000)).isEqualTo(3);
        r.allClosed();
        assertThat(r.allowed(STEP, 3, 1_000_001)).isEqualTo(1);
    }

    @Test
    void withoutAnIntervalAllAtOnce() {
        assertThat(new RampUp().allowed(Duration.ZERO, 20, 0)).isEqualTo(20);
    }
}
