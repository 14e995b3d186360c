package org.caravanmta.artemis;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Settlements that wait for another try: after 1 s, 2 s, 4 s … 60 s. Owned by the settling thread. */
final class SettlementRetries {

    private static final long LONGEST_WAIT_S = 60;

    private final PriorityQueue<Settlement> waiting = new PriorityQueue<>(
            Comparator.comparingLong((Settlement s) -> s.notBeforeNs));

    void add(Settlement s) {
        long seconds = Math.min(LONGEST_WAIT_S, 1L << Math.min(6, s.failures++));
        s.notBeforeNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        waiting.add(s);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** One whose time has come, or null. */
    Settlement due() {
        Settlement first = waiting.peek();
        return first != null && first.notBeforeNs - System.nanoTime() <= 0 ? waiting.poll() : null;
    }

    /** How long nothing can become due. */
    long waitNs() {
        Settlement first = waiting.peek();
        return first == null ? TimeUnit.SECONDS.toNanos(1) : Math.max(1, first.notBeforeNs - System.nanoTime());
    }
}
