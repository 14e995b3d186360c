package org.caravanmta.delivery;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many messages wait in a VirtualMTA's main queue, by destination. Answers the one question that decides whether a
 * congested destination is split off: does anybody else wait behind it? Any thread.
 */
final class WaitingCounts {

    private final ConcurrentHashMap<String, AtomicLong> byDestination = new ConcurrentHashMap<>();
    private final AtomicLong total = new AtomicLong();

    /** Messages found in the queue at start, of unknown destination. */
    private final AtomicLong unknown = new AtomicLong();

    void found(long messages) {
        unknown.addAndGet(messages);
        total.addAndGet(messages);
    }

    /** Many have left otherwise than by {@link #taken}: what is there now is of unknown destination. */
    void recount(long messages) {
        byDestination.clear();
        unknown.set(messages);
        total.set(messages);
    }

    void enqueued(String destination) {
        byDestination.computeIfAbsent(destination, d -> new AtomicLong()).incrementAndGet();
        total.incrementAndGet();
    }

    void taken(String destination) {
        AtomicLong count = byDestination.get(destination);
        if (count != null && count.get() > 0)
            count.decrementAndGet();
        else
            unknown.decrementAndGet();
        total.decrementAndGet();
    }

    /** Whether messages of other destinations (or of unknown ones) wait in the main queue. */
    boolean othersThan(String destination) {
        return total() > of(destination);
    }

    long of(String destination) {
        AtomicLong own = byDestination.get(destination);
        return own == null ? 0 : own.get();
    }

    long total() {
        return total.get();
    }

    /** Forgets a destination nobody waits for. */
    void forget(String destination) {
        byDestination.computeIfPresent(destination, (d, count) -> count.get() == 0 ? null : count);
    }
}
