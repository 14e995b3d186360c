package org.caravanmta.throttle;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.caravanmta.config.Rate;

/**
 * What may start in one window before the ledger has to be written again: an eighth of the limit, written ahead. Nothing
 * starts that does not stand in the file as used or as possibly used, so a crash may make a limit slower for one window,
 * by that eighth, and never faster. Owned as its window is.
 */
final class Reserve {

    private static final int PART = 8;
    /** A longer window with a limit below {@link #PART} is not written ahead: one of {@code 1/d} would cost a day. */
    private static final Duration AHEAD_TO = Duration.ofHours(1);

    private final LimitLedger ledger;
    private final LimitKey key;
    private final SlidingWindow window;
    private final Executor executor;
    private final Runnable wake;
    private long left;
    private boolean asking;
    private boolean refused;
    private boolean closed;

    /**
     * @param executor where this and its window are used
     * @param wake     called there when what was refused may be asked for again
     */
    Reserve(LimitLedger ledger, LimitKey key, SlidingWindow window, Executor executor, Runnable wake) {
        this.ledger = ledger;
        this.key = key;
        this.window = window;
        this.executor = executor;
        this.wake = wake;
        ledger.opened(this);
    }

    /** Whether so much may start. After a no it is asked for, and {@code wake} is called. */
    boolean covers(long n) {
        if (n <= left)
            return true;
        refused = true;
        ask(n);
        return false;
    }

    void started(long n) {
        left -= n;
        Rate rate = window.rate();
        if ((rate.count() >= PART || rate.per().compareTo(AHEAD_TO) <= 0) && left <= part() / 2)
            ask(0);
    }

    private long part() {
        return Math.max(1, window.rate().count() / PART);
    }

    private void ask(long n) {
        if (asking || closed)
            return;
        asking = true;
        long more = Math.max(part(), n) - left;
        ledger.write(key, used(left + more), () -> onExecutor(() -> granted(more)));
    }

    private void granted(long more) {
        asking = false;
        if (closed)
            return;
        left += more;
        if (refused) {
            refused = false;
            wake.run();
        }
    }

    private UsedWindow used(long reserve) {
        return UsedWindow.of(window, reserve, ledger.nowMs(), ledger.nanoTime());
    }

    /** The window goes: what it used stays in the ledger. */
    void close() {
        if (end())
            ledger.closed(this, key, used(0));
    }

    /** The window stays, without being kept in the ledger. */
    void drop() {
        if (end())
            ledger.dropped(this, key);
    }

    private boolean end() {
        boolean first = !closed;
        closed = true;
        left = 0;
        return first;
    }

    /** Closes it where it is used; any thread. */
    void settle(Runnable done) {
        if (!onExecutor(() -> {
            close();
            done.run();
        }))
            done.run();
    }

    private boolean onExecutor(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the event loop has ended: nothing starts any more
        }
    }
}
