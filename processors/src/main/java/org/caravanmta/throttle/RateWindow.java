package org.caravanmta.throttle;

import org.caravanmta.config.Rate;

/**
 * A {@link SlidingWindow} that knows what former runs used, and tells the next one. Not thread-safe: owned as its page
 * says. Where nothing is limited, or nothing kept, it is the window alone.
 */
public final class RateWindow {

    private final LedgerPage page;
    private final String directive;
    private final SlidingWindow window;
    /** Null while the ledger does not keep it. */
    private Reserve reserve;

    RateWindow(LedgerPage page, String directive, Rate rate) {
        this.page = page;
        this.directive = directive;
        this.window = new SlidingWindow(rate);
        if (!rate.unlimited()) {
            page.ledger().recall(page.key(directive), window);
            keep();
        }
    }

    /** Another limit from now on. What runs and what the window still remembers counts under the new one too. */
    public void limit(Rate now) {
        if (now.equals(window.rate()))
            return;
        boolean wasKept = reserve != null;
        window.limit(now);
        if (!wasKept && page.ledger().keeps(now))
            page.ledger().recall(page.key(directive), window);
        keep();
    }

    private void keep() {
        boolean kept = page.ledger().keeps(window.rate());
        if (kept && reserve == null)
            reserve = page.reserve(directive, window);
        else if (!kept && reserve != null) {
            reserve.drop();
            reserve = null;
        }
    }

    /** See {@link SlidingWindow#free}. */
    public boolean free(long n, long nowNanos) {
        return window.free(n, nowNanos) && (reserve == null || reserve.covers(n));
    }

    /** See {@link SlidingWindow#start}. */
    public void start(long n) {
        window.start(n);
        if (reserve != null)
            reserve.started(n);
    }

    /** See {@link SlidingWindow#end}. */
    public void end(long n, long nowNanos) {
        window.end(n, nowNanos);
    }

    /**
     * See {@link SlidingWindow#waitNanos}. {@link SlidingWindow#NOT_BY_TIME} also while the reserve is on its way to the
     * disk: its arrival wakes who waits.
     */
    public long waitNanos(long n, long nowNanos) {
        long wait = window.waitNanos(n, nowNanos);
        return wait > 0 || !awaitsReserve(n, nowNanos) ? wait : SlidingWindow.NOT_BY_TIME;
    }

    /** Whether it is the disk alone that holds {@code n} up. */
    boolean awaitsReserve(long n, long nowNanos) {
        return reserve != null && window.free(n, nowNanos) && !reserve.covers(n);
    }

    /** See {@link SlidingWindow#used}. */
    public long used(long nowNanos) {
        return window.used(nowNanos);
    }

    /** See {@link SlidingWindow#empty}. */
    public boolean empty(long nowNanos) {
        return window.empty(nowNanos);
    }

    public Rate rate() {
        return window.rate();
    }

    /** It is used no more; another one of the same name takes over what it had used. */
    public void close() {
        if (reserve != null)
            reserve.close();
        reserve = null;
    }
}
