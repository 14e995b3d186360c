package org.caravanmta.delivery;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.caravanmta.throttle.SlidingWindow;

import io.netty.channel.EventLoop;

/** One wake-up at a time, at the earliest moment asked for. Owned by the event loop it wakes on. */
final class Alarm {

    private final EventLoop loop;
    private final Runnable wake;
    private Future<?> pending;
    private long atNanos;

    Alarm(EventLoop loop, Runnable wake) {
        this.loop = loop;
        this.wake = wake;
    }

    /** @param waitNanos {@link SlidingWindow#NOT_BY_TIME} asks for nothing */
    void in(long waitNanos, long nowNanos) {
        if (waitNanos == SlidingWindow.NOT_BY_TIME)
            return;
        long at = nowNanos + waitNanos;
        if (pending != null) {
            if (atNanos - at <= 0)
                return;
            pending.cancel(false);
        }
        atNanos = at;
        pending = loop.schedule(this::ring, Math.max(1, waitNanos), TimeUnit.NANOSECONDS);
    }

    boolean set() {
        return pending != null;
    }

    private void ring() {
        pending = null;
        wake.run();
    }
}
