package org.caravanmta.throttle;

import java.util.concurrent.Executor;

import org.caravanmta.config.Rate;

/**
 * Makes the windows of one VirtualMTA, or of one queue, or of one source address within a queue.
 *
 * @param destination empty for what all queues of a VirtualMTA share
 * @param source      empty for what all source addresses share
 * @param executor    where the windows are used: an event loop
 * @param wake        called there when a window may say yes sooner than it had said
 */
public record LedgerPage(LimitLedger ledger, String virtualMta, String destination, String source, Executor executor,
        Runnable wake) {

    public RateWindow window(String directive, Rate rate) {
        return new RateWindow(this, directive, rate);
    }

    /** The same for one source address. */
    public LedgerPage of(String sourceAddress) {
        return new LedgerPage(ledger, virtualMta, destination, sourceAddress, executor, wake);
    }

    LimitKey key(String directive) {
        return new LimitKey(virtualMta, destination, source, directive);
    }

    Reserve reserve(String directive, SlidingWindow window) {
        return new Reserve(ledger, key(directive), window, executor, wake);
    }
}
