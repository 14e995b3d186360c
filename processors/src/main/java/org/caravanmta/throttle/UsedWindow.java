package org.caravanmta.throttle;

import java.time.Duration;
import java.util.Arrays;

/**
 * What a window had used at a moment, as it stands in the ledger. Ends are merged to at most 65, each as late as the
 * latest in it and no more than a 64th of the window after the first in it.
 *
 * @param takenAtMs wall clock
 * @param open      may have been used at any time from then on: what ran, and the reserve
 * @param agesMs    how long before {@code takenAtMs} something ended, the oldest first, rounded down
 * @param counts    how much ended then
 */
record UsedWindow(long perMs, long takenAtMs, long open, long[] agesMs, long[] counts) {

    private static final int PARTS = 64;

    /** @param reserve that may be used from now on without another record */
    static UsedWindow of(SlidingWindow window, long reserve, long nowMs, long nowNanos) {
        Merge merge = new Merge(window.rate().per().toNanos() / PARTS, nowNanos);
        window.visit(nowNanos, merge);
        return new UsedWindow(window.rate().per().toMillis(), nowMs, window.running() + reserve,
                Arrays.copyOf(merge.agesMs, merge.size), Arrays.copyOf(merge.counts, merge.size));
    }

    /** The same at the next start: what was open has ended by then, and nobody knows when. */
    UsedWindow atStart(long nowMs) {
        long passed = passedMs(nowMs);
        int first = 0;
        while (first < agesMs.length && agesMs[first] + passed >= perMs)
            first++;
        int kept = agesMs.length - first;
        int size = open > 0 ? kept + 1 : kept;
        long[] ages = new long[size];
        long[] n = new long[size];
        for (int i = 0; i < kept; i++) {
            ages[i] = agesMs[first + i] + passed;
            n[i] = counts[first + i];
        }
        if (open > 0)
            n[kept] = open;
        return new UsedWindow(perMs, nowMs, 0, ages, n);
    }

    /** A clock that was set back makes nothing younger than it was. */
    private long passedMs(long nowMs) {
        return Math.max(0, nowMs - takenAtMs);
    }

    boolean empty() {
        return open == 0 && counts.length == 0;
    }

    void addTo(SlidingWindow window, long nowMs, long nowNanos) {
        long passed = passedMs(nowMs);
        for (int i = 0; i < counts.length; i++)
            window.remember(counts[i], nowNanos - Duration.ofMillis(agesMs[i] + passed).toNanos());
        window.remember(open, nowNanos);
    }

    private static final class Merge implements SlidingWindow.Visitor {

        private final long grainNanos;
        private final long nowNanos;
        private final long[] agesMs = new long[PARTS + 2];
        private final long[] counts = new long[PARTS + 2];
        private long firstNanos;
        private int size;

        Merge(long grainNanos, long nowNanos) {
            this.grainNanos = grainNanos;
            this.nowNanos = nowNanos;
        }

        @Override
        public void ended(long n, long atNanos) {
            if (size == 0 || atNanos - firstNanos > grainNanos && size < agesMs.length) {
                firstNanos = atNanos;
                size++;
            }
            agesMs[size - 1] = Math.max(0, (nowNanos - atNanos) / 1_000_000);
            counts[size - 1] += n;
        }
    }
}
