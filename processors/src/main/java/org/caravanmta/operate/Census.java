package org.caravanmta.operate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.QueueNames;

/**
 * Who waits: every queued message counted, by asking the queues themselves. Costs some microseconds for each message, so
 * it is made when somebody asks, and nothing on the way of the mail is slowed by keeping counts.
 */
public final class Census {

    /**
     * What waits for one name.
     *
     * @param messages    of them {@code deferred} wait for their next attempt and {@code held} for the operator
     * @param bytes       of message data
     * @param oldestMs    when the oldest was accepted, epoch milliseconds
     * @param nextMs      when the first deferred one is due, epoch milliseconds; 0 when none is deferred
     * @param lastFailure of some deferred one; null when there is none
     */
    public record Count(String name, long messages, long recipients, long bytes, long deferred, long held,
            long oldestMs,
            long nextMs, String lastFailure) {
    }

    private static final class Tally {
        long messages;
        long recipients;
        long bytes;
        long deferred;
        long held;
        long oldestMs = Long.MAX_VALUE;
        long nextMs = Long.MAX_VALUE;
        String lastFailure;

        void add(QueuedMessage m, long dueMs, boolean isHeld) {
            messages++;
            recipients += m.recipients().size();
            bytes += m.content().sizeBytes();
            oldestMs = Math.min(oldestMs, m.queuedAtMs());
            if (isHeld)
                held++;
            if (dueMs > 0) {
                deferred++;
                nextMs = Math.min(nextMs, dueMs);
            }
            if (m.lastFailure() != null)
                lastFailure = m.lastFailure();
        }

        Count count(String name) {
            return new Count(name, messages, recipients, bytes, deferred, held, oldestMs, deferred == 0 ? 0 : nextMs,
                    lastFailure);
        }
    }

    private final MessageStore store;

    Census(MessageStore store) {
        this.store = store;
    }

    /** Counts by that name of a message, largest first; messages without one are left out. */
    List<Count> by(Function<QueuedMessage, String> nameOf) {
        Map<String, Tally> tallies = new HashMap<>();
        each((m, due, held) -> {
            String name = nameOf.apply(m);
            if (name != null)
                tallies.computeIfAbsent(name, _ -> new Tally()).add(m, due, held);
        });
        return tallies.entrySet().stream().map(e -> e.getValue().count(e.getKey()))
                .sorted((a, b) -> a.recipients() != b.recipients() ? Long.compare(b.recipients(), a.recipients())
                        : a.name().compareTo(b.name()))
                .toList();
    }

    @FunctionalInterface
    interface Visitor {
        /** @param dueMs when a deferred message is tried again; 0 for any other */
        void visit(QueuedMessage message, long dueMs, boolean held);
    }

    void each(Visitor visitor) {
        for (String queue : store.queues(QueueNames.VMTA))
            store.browse(queue, (m, _) -> visitor.visit(m, 0, false));
        for (String queue : store.queues(QueueNames.RETRY))
            store.browse(queue, (m, _) -> visitor.visit(m, QueueNames.due(queue) * 1000, false));
        for (String queue : store.queues(QueueNames.ORDER))
            store.browse(queue, (m, _) -> visitor.visit(m, 0, true));
    }
}
