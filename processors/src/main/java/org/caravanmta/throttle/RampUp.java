package org.caravanmta.throttle;

import java.time.Duration;

/**
 * How many connections a queue may have while it warms up: one, and one more for each interval since the first was open.
 * Not thread-safe: owned by one event loop.
 */
public final class RampUp {

    private boolean open;
    private long sinceNanos;

    /** A connection is open. Only the first one matters, until all are closed. */
    public void opened(long nowNanos) {
        if (!open) {
            open = true;
            sinceNanos = nowNanos;
        }
    }

    /** The queue has no connection any more: it begins anew. */
    public void allClosed() {
        open = false;
    }

    /** @param interval zero for no ramp-up */
    public int allowed(Duration interval, int max, long nowNanos) {
        if (interval.isZero())
            return max;
        return open ? (int) Math.min(max, 1 + (nowNanos - sinceNanos) / interval.toNanos()) : 1;
    }

    /** Nanoseconds until one more is allowed; {@link SlidingWindow#NOT_BY_TIME} before the first is open. */
    public long waitNanos(Duration interval, long nowNanos) {
        if (!open)
            return SlidingWindow.NOT_BY_TIME;
        long step = interval.toNanos();
        return step - (nowNanos - sinceNanos) % step;
    }
}
