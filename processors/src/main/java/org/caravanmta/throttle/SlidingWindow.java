package org.caravanmta.throttle;

import java.util.ArrayDeque;

import org.caravanmta.config.Rate;

/**
 * At most {@code count} events in <em>every</em> window of length {@code per}, also by the receiver's clock: an event
 * takes its place from the moment it starts until {@code per} after it ended, so whatever the receiver's delay within
 * the event, no window it can choose holds more. Not thread-safe: owned by one event loop.
 * <p>
 * Memory: one entry per event up to {@value #EXACT} events; above that ends are rounded up to 1/1024 of the window,
 * which can only make it slower, by at most 0.1 %.
 */
public final class SlidingWindow {

    private static final int EXACT = 4096;

    private final Rate rate;
    private final long perNanos;
    private final long grainNanos;
    private final ArrayDeque<Entry> ended = new ArrayDeque<>();
    private long endedCount;
    private long running;

    public SlidingWindow(Rate rate) {
        this.rate = rate;
        this.perNanos = rate.per().toNanos();
        this.grainNanos = rate.count() > EXACT ? Math.max(1, perNanos >> 10) : 1;
    }

    /** Whether {@code n} events may start now. More events at once than the limit itself may start on an empty window. */
    public boolean free(int n, long nowNanos) {
        if (rate.unlimited())
            return true;
        forget(nowNanos);
        long used = running + endedCount;
        return used + n <= rate.count() || used == 0;
    }

    /** {@code n} events start; ask {@link #free} first. */
    public void start(int n) {
        if (!rate.unlimited())
            running += n;
    }

    /** {@code n} started events have ended. */
    public void end(int n, long nowNanos) {
        if (rate.unlimited())
            return;
        running = Math.max(0, running - n);
        long at = grainNanos == 1 ? nowNanos : (Math.floorDiv(nowNanos, grainNanos) + 1) * grainNanos;
        Entry last = ended.peekLast();
        if (last != null && last.atNanos == at)
            last.count += n;
        else
            ended.add(new Entry(at, n));
        endedCount += n;
    }

    /** {@code n} started events did not happen: nothing was sent. */
    public void cancel(int n) {
        if (!rate.unlimited())
            running -= n;
    }

    /** Nanoseconds until the oldest ended event leaves the window; at least 1. Ask after {@link #free} said no. */
    public long waitNanos(long nowNanos) {
        Entry oldest = ended.peekFirst();
        return oldest == null ? perNanos : Math.max(1, oldest.atNanos + perNanos - nowNanos);
    }

    public Rate rate() {
        return rate;
    }

    private void forget(long nowNanos) {
        for (Entry e; (e = ended.peekFirst()) != null && e.atNanos + perNanos - nowNanos <= 0;) {
            endedCount -= e.count;
            ended.pollFirst();
        }
    }

    private static final class Entry {
        final long atNanos;
        int count;

        Entry(long atNanos, int count) {
            this.atNanos = atNanos;
            this.count = count;
        }
    }
}
