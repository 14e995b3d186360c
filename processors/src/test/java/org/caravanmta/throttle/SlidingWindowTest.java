package org.caravanmta.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.caravanmta.config.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(w.waitNanos(1, 1099)).isEqualTo(1);
        assertThat(w.free(1, 1100)).isTrue();
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

    /** The plain model: every event in a list. */
    private static final class Model {
        private final List<long[]> events = new ArrayList<>();
        private long running;

        long used(long per, long now) {
            return running + events.stream().filter(e -> e[0] + per > now).mapToLong(e -> e[1]).sum();
        }

        boolean free(long n, Rate rate, long now) {
            long used = used(rate.per().toNanos(), now);
            return rate.unlimited() || used == 0 || used + n <= rate.count();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
    void agreesWithThePlainModelAtEveryStep(long seed) {
        Random random = new Random(seed);
        Rate rate = new Rate(1 + random.nextInt(50), Duration.ofNanos(100 + random.nextInt(900)));
        SlidingWindow w = new SlidingWindow(rate);
        Model model = new Model();
        ArrayDeque<Integer> running = new ArrayDeque<>();
        long now = random.nextLong() >> 1;
        for (int step = 0; step < 5_000; step++) {
            now += random.nextInt(20);
            int n = 1 + random.nextInt(4) * random.nextInt(10);
            assertThat(w.free(n, now)).as("step %s", step).isEqualTo(model.free(n, rate, now));
            long wait = w.waitNanos(n, now);
            if (wait == SlidingWindow.NOT_BY_TIME)
                assertThat(model.free(n, rate, now + rate.per().toNanos())).isFalse();
            else {
                assertThat(model.free(n, rate, now + wait)).isTrue();
                assertThat(wait == 0 || !model.free(n, rate, now + wait - 1)).isTrue();
            }
            if (w.free(n, now) && random.nextBoolean()) {
                w.start(n);
                model.running += n;
                running.add(n);
            } else if (!running.isEmpty() && random.nextBoolean()) {
                int ended = running.poll();
                w.end(ended, now);
                model.running -= ended;
                model.events.add(new long[] { now, ended });
            } else if (random.nextInt(200) == 0) {
                // a shorter window: of a longer one the events before would be missing, see the next test
                rate = new Rate(1 + random.nextInt(50), Duration.ofNanos(
                        Math.max(50, rate.per().toNanos() - random.nextInt(50))));
                w.limit(rate);
            }
        }
    }

    @Test
    void anotherLimitTakesOverWhatWasUsed() {
        SlidingWindow w = new SlidingWindow(new Rate(10, Duration.ofNanos(100)));
        w.start(8);
        w.end(8, 0);
        w.start(1);
        w.limit(new Rate(10, Duration.ofNanos(500)));
        assertThat(w.free(1, 499)).isTrue();
        assertThat(w.free(2, 499)).isFalse();
        assertThat(w.waitNanos(2, 100)).isEqualTo(400);
        w.limit(Rate.UNLIMITED);
        w.limit(new Rate(1, Duration.ofNanos(100)));
        assertThat(w.free(1, 600)).as("one still runs").isFalse();
        assertThat(w.waitNanos(1, 600)).isEqualTo(SlidingWindow.NOT_BY_TIME);
    }

    @Test
    void aLargeCountIsKeptInFewEntriesAndIsNeverFasterForIt() {
        SlidingWindow w = new SlidingWindow(new Rate(1_000_000, Duration.ofNanos(1_024_000)));
        w.start(600_000);
        w.end(600_000, 1);
        assertThat(w.free(500_000, 1_024_001)).as("rounded up").isFalse();
        assertThat(w.free(500_000, 1_025_000)).isTrue();
    }
}
