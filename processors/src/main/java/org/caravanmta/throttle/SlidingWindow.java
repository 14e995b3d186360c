package org.caravanmta.throttle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.caravanmta.config.Rate;

/**
 * At most {@code count} events in <em>every</em> window of length {@code per}, also by the receiver's clock: an event
 * takes its place from the moment it starts until {@code per} after it ended, so whatever the receiver's delay within
 * the event, no window it can choose holds more. Not thread-safe: owned by one event loop.
 * <p>
 * Memory: one entry per moment at which events ended; limits above {@value #EXACT} keep 1024 of them: ends are rounded
 * up to 1/1024 of the window, which can only make it slower, by at most 0.1 %.
 */
public final class SlidingWindow {

    /** Nothing but the end of a running event can make room. */
    public static final long NOT_BY_TIME = Long.MAX_VALUE;

    private static final int EXACT = 4096;

    private final ArrayDeque<Entry> ended = new ArrayDeque<>(1);
    private Rate rate;
    private long perNanos;
    private long grainNanos;
    private long endedCount;
    private long running;

    public SlidingWindow(Rate rate) {
        limit(rate);
    }

    /** Another limit from now on. What runs and what the window still remembers counts under the new one too. */
    public void limit(Rate now) {
        rate = now;
        perNanos = now.per().toNanos();
        grainNanos = now.count() > EXACT ? Math.max(1, perNanos >> 10) : 1;
        if (now.unlimited()) {
            ended.clear();
            endedCount = 0;
        }
    }

    /** Whether {@code n} events may start now. More events at once than the limit itself may start on an empty window. */
    public boolean free(long n, long nowNanos) {
        if (rate.unlimited())
            return true;
        forget(nowNanos);
        long used = running + endedCount;
        return used + n <= rate.count() || used == 0;
    }

    /** {@code n} events start; ask {@link #free} first. */
    public void start(long n) {
        running += n;
    }

    /** {@code n} started events have ended. */
    public void end(long n, long nowNanos) {
        running -= n;
        if (rate.unlimited())
            return;
        long at = grainNanos == 1 ? nowNanos : Math.ceilDiv(nowNanos, grainNanos) * grainNanos;
        Entry last = ended.peekLast();
        if (last != null && last.atNanos - at >= 0)
            last.count += n;
        else
            ended.add(new Entry(at, n));
        endedCount += n;
    }

    /**
     * Nanoseconds until {@code n} events may start if none starts or ends before: 0 when they may now,
     * {@link #NOT_BY_TIME} when one that runs must end first.
     */
    public long waitNanos(long n, long nowNanos) {
        if (free(n, nowNanos))
            return 0;
        long used = running + endedCount;
        long wait = NOT_BY_TIME;
        for (Entry e : ended) {
            used -= e.count;
            wait = e.atNanos + perNanos - nowNanos;
            if (used == 0 || used + n <= rate.count())
                return wait;
        }
        return NOT_BY_TIME;
    }

    /** Nothing runs, and nothing that ended still counts. */
    public boolean empty(long nowNanos) {
        forget(nowNanos);
        return running == 0 && endedCount == 0;
    }

    /** What runs and what still counts. */
    public long used(long nowNanos) {
        forget(nowNanos);
        return running + endedCount;
    }

    public Rate rate() {
        return rate;
    }

    /** Events that have started and not ended. */
    public long running() {
        return running;
    }

    /** What has ended and still counts. */
    @FunctionalInterface
    interface Visitor {
        void ended(long n, long atNanos);
    }

    /** From the oldest to the latest. */
    void visit(long nowNanos, Visitor visitor) {
        forget(nowNanos);
        for (Entry e : ended)
            visitor.ended(e.count, e.atNanos);
    }

    /** {@code n} events ended at that time, before this window was there. */
    void remember(long n, long atNanos) {
        if (rate.unlimited() || n == 0)
            return;
        List<Entry> all = new ArrayList<>(ended);
        all.add(new Entry(atNanos, n));
        all.sort(Comparator.comparingLong(e -> e.atNanos - atNanos));
        ended.clear();
        ended.addAll(all);
        endedCount += n;
    }

    private void forget(long nowNanos) {
        for (Entry e; (e = ended.peekFirst()) != null && e.atNanos + perNanos - nowNanos <= 0;) {
            endedCount -= e.count;
            ended.pollFirst();
        }
    }

    private static final class Entry {
        final long atNanos;
        long count;

        Entry(long atNanos, long count) {
            this.atNanos = atNanos;
            this.count = count;
        }
    }
}
