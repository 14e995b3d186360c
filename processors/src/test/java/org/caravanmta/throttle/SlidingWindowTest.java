package org.caravanmta.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.caravanmta.config.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlidingWindowTest {

    @Test
    void unlimitedIsAlwaysFree() {
        SlidingWindow w = new SlidingWindow(Rate.UNLIMITED);
        for (int i = 0; i < 1000; i++) {
            assertThat(w.free(1, 0)).isTrue();
            w.start(1);
        }
    }

    @Test
    void anEventHoldsItsPlaceUntilTheWindowAfterItsEnd() {
        SlidingWindow w = new SlidingWindow(new Rate(1, Duration.ofNanos(100)));
        w.start(1);
        assertThat(w.free(1, 1000)).as("still running").isFalse();
        w.end(1, 1000);
        assertThat(w.free(1, 1099)).isFalse();
        assertThat(w.waitNanos(1099)).isEqualTo(1);
        assertThat(w.free(1, 1100)).isTrue();
    }

    @Test
    void aCancelledEventTakesNoPlace() {
        SlidingWindow w = new SlidingWindow(new Rate(1, Duration.ofNanos(100)));
        w.start(1);
        w.cancel(1);
        assertThat(w.free(1, 0)).isTrue();
    }

    @Test
    void moreThanTheLimitAtOncePassesOnlyOnAnEmptyWindow() {
        SlidingWindow w = new SlidingWindow(new Rate(5, Duration.ofNanos(100)));
        assertThat(w.free(8, 0)).isTrue();
        w.start(8);
        w.end(8, 10);
        assertThat(w.free(1, 109)).isFalse();
        assertThat(w.free(1, 110)).isTrue();
    }

    /** Whatever moment within its duration the receiver stamps an event with, no window it picks holds too many. */
    @ParameterizedTest
    @CsvSource({ "1, 1000, 1", "3, 1000, 2", "60, 60000, 3", "250, 3600, 4", "5000, 20000, 5", "9000, 100000, 6" })
    void noWindowOfTheReceiverHoldsMoreThanTheLimit(int count, long per, long seed) {
        Random random = new Random(seed);
        SlidingWindow w = new SlidingWindow(new Rate(count, Duration.ofNanos(per)));
        List<Long> stamps = new ArrayList<>();
        List<long[]> running = new ArrayList<>();
        long now = 1_000_000;
        long begin = now;
        for (int step = 0; step < 60_000; step++) {
            now += random.nextInt(4);
            long at = now;
            running.removeIf(r -> {
                if (r[1] > at)
                    return false;
                w.end(1, at);
                stamps.add(r[0] + (long) (random.nextDouble() * (at - r[0])));
                return true;
            });
            if (w.free(1, now)) {
                w.start(1);
                running.add(new long[] { now, now + random.nextInt(20) });
            }
        }
        stamps.sort(null);
        for (int i = count; i < stamps.size(); i++)
            assertThat(stamps.get(i) - stamps.get(i - count)).as("window ending at stamp %s", i)
                    .isGreaterThanOrEqualTo(per);
        long possible = Math.min(60_000, (now - begin) * count / per);
        assertThat(stamps.size()).as("used to a fair part").isGreaterThan((int) Math.min(possible / 2, count - 1));
    }
}
