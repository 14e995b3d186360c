package org.caravanmta.smtp.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.CaravanConfig.SmtpInLimits;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;

/**
 * Notices that a session stands still (RFC 5321 §4.5.3.2.7). One scheduled look per timeout and connection, not one per
 * command: it finds out when it is next worth looking. Event loop only.
 */
final class SessionTimer {

    private final EventExecutor executor;
    private final Ticker ticker;
    private final SmtpSession session;
    private final Runnable expire;
    private long touchedAt;
    private Future<?> next;

    SessionTimer(EventExecutor executor, SmtpSession session, Runnable expire) {
        this.executor = executor;
        this.ticker = executor instanceof AbstractScheduledEventExecutor e ? e.ticker() : Ticker.systemTicker();
        this.session = session;
        this.expire = expire;
        touch();
        lookAgain(0);
    }

    /** The session moved. */
    void touch() {
        touchedAt = ticker.nanoTime();
    }

    void cancel() {
        if (next != null)
            next.cancel(false);
    }

    private void look() {
        long stillFor = ticker.nanoTime() - touchedAt;
        switch (session.phase()) {
            case CLOSING -> {
            }
            case DATA, CHUNK, SUBMITTED -> judge(stillFor, limits().dataTimeout());
            case GREETING, COMMAND, HANDSHAKE -> judge(stillFor, limits().commandTimeout());
        }
    }

    private void judge(long stillFor, Duration timeout) {
        if (!timeout.isZero() && stillFor >= timeout.toNanos())
            expire.run();
        else
            lookAgain(stillFor);
    }

    private void lookAgain(long stillFor) {
        long wait = Math.min(left(limits().commandTimeout(), stillFor), left(limits().dataTimeout(), stillFor));
        if (wait < Long.MAX_VALUE)
            next = executor.schedule(this::look, wait, TimeUnit.NANOSECONDS);
    }

    /** Until the timeout; the whole of it again when it is past but does not count in this phase. */
    private static long left(Duration timeout, long stillFor) {
        if (timeout.isZero())
            return Long.MAX_VALUE;
        long left = timeout.toNanos() - stillFor;
        return left > 0 ? left : timeout.toNanos();
    }

    private SmtpInLimits limits() {
        return session.config().smtpIn();
    }
}
