package org.caravanmta.queue;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import org.caravanmta.message.QueuedMessage;

/**
 * Where messages wait. The one door to the broker: the embedded Artemis implements it on the broker's own interfaces;
 * an external broker will do so on the client API. The same contract test runs against every implementation.
 * <p>
 * All methods may be called from any thread and none blocks on the disk unless it says so.
 */
public interface MessageStore extends AutoCloseable {

    /**
     * Puts all messages on their queues, all or none. Queues that do not exist are created.
     *
     * @param done called once, from a broker thread: {@code null} once all are on stable storage (journal synced);
     *             otherwise why nothing was stored, a {@link StoreFullException} when the disk is full
     */
    default void enqueue(List<Placement> messages, Done done) {
        enqueue(messages, List.of(), done);
    }

    /** The same, and {@code events} on the event address in the same transaction. */
    default void enqueue(List<Placement> messages, List<byte[]> events, Done done) {
        enqueue(messages, events, null, done);
    }

    /**
     * The same, once for an {@code id}: whoever hands in something again, because a crash hid the answer, is told by an
     * {@link AlreadyStoredException} that it is there. The last 20,000 ids are remembered, also over a crash. An id is
     * handed in by one caller at a time.
     *
     * @param id at most 1,000 characters; null when there is nothing to compare
     */
    void enqueue(List<Placement> messages, List<byte[]> events, String id, Done done);

    /** Offers the queue's messages in order to {@code receiver} until the subscription is closed. Creates the queue. */
    Subscription subscribe(String queue, Receiver receiver);

    /**
     * Acknowledges {@code message}, puts {@code placements} on their queues and {@code events} on the event address,
     * in one transaction. Settlements are committed in batches (at most 10 ms or some hundred). After a crash either
     * all of a settlement has happened, or nothing, and then the message is offered again.
     */
    void settle(StoredMessage message, List<Placement> placements, List<byte[]> events);

    /** Blocks until every settlement made before the call is on stable storage. */
    void flush();

    /** Messages on the queue, those being delivered included; 0 when there is no such queue. */
    long count(String queue);

    /** Names of all queues whose name begins with {@code prefix}. */
    Set<String> queues(String prefix);

    /** Deletes the queue when it is empty and nobody subscribes to it; says whether it is gone. */
    boolean deleteIfEmpty(String queue);

    /** Shows every waiting message of a queue (also those being delivered) without taking it; for counts and lists. */
    void browse(String queue, BiConsumer<QueuedMessage, String> messageAndReason);

    /**
     * Moves the waiting messages that are meant to another queue, wherever they stand, in transactions of many; those
     * being delivered are left alone. A crash leaves each on one of the two queues. Blocks on the disk.
     *
     * @param meant called on any thread, below the queue's lock: must be quick and must not block
     * @return how many were moved
     */
    long sift(String queue, Predicate<QueuedMessage> meant, String toQueue);

    /** Why mail cannot be stored just now ({@code disk full}), or null. Asked before each acceptance: cheap. */
    String refusal();

    @Override
    void close();

    /** Where a message is to be put. {@code reason}: why, for parked messages; else null. */
    record Placement(String queue, QueuedMessage message, String reason) {
        public Placement(String queue, QueuedMessage message) {
            this(queue, message, null);
        }
    }

    @FunctionalInterface
    interface Done {
        void done(Exception failureOrNull);
    }

    interface Receiver {
        /**
         * Takes the message, or says false: it then stays at the head of the queue and is offered again after
         * {@link Subscription#resume()}. Called from a broker thread, one call at a time per subscription; must not
         * block.
         */
        boolean offer(StoredMessage message);
    }

    /** A message that was taken and waits to be settled; an opaque handle for {@link #settle}. */
    interface StoredMessage {
        QueuedMessage message();
    }

    interface Subscription {
        /** Offers again after a refusal. Cheap, any thread. */
        void resume();

        /** Ends it. Messages taken and not settled can still be settled. */
        void close();
    }
}
