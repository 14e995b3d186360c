package org.caravanmta.smtp.client;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;

/**
 * The one timer of a connection. Moving it costs a field write: a scheduled wake-up only looks whether the deadline has
 * passed and else sleeps on, so a connection schedules a few tasks per minute, not several per message.
 * Belongs to the event loop.
 */
final class Deadline implements Runnable {

    private final EventLoop loop;
    private final Runnable expired;
    private boolean armed;
    private long at;
    private ScheduledFuture<?> wake;
    private long wakeAt;

    Deadline(EventLoop loop, Runnable expired) {
        this.loop = loop;
        this.expired = expired;
    }

    void in(Duration wait) {
        in(wait.toNanos());
    }

    void in(long nanos) {
        at = System.nanoTime() + nanos;
        armed = true;
        if (wake != null && wakeAt - at <= 0)
            return;
        if (wake != null)
            wake.cancel(false);
        schedule(nanos);
    }

    /** Nothing is awaited. */
    void never() {
        armed = false;
    }

    /** For the end of the connection. */
    void cancel() {
        armed = false;
        if (wake != null)
            wake.cancel(false);
        wake = null;
    }

    private void schedule(long nanos) {
        wakeAt = at;
        wake = loop.schedule(this, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        wake = null;
        if (!armed)
            return;
        long left = at - System.nanoTime();
        if (left > 0) {
            schedule(left);
            return;
        }
        armed = false;
        expired.run();
    }
}
