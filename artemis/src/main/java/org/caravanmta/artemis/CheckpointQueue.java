package org.caravanmta.artemis;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.RoutingContextImpl;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.utils.actors.ArtemisExecutor;

/**
 * A queue that holds one message or none: the checkpoint of one event reader. It is replaced, old one acknowledged and
 * new one placed, in the transaction of the reader. One thread at a time.
 */
final class CheckpointQueue {

    private static final int TEN_SECONDS = 10;

    private final ActiveMQServer server;
    private final StorageManager storage;
    private final Queue queue;
    private final BlockingQueue<MessageReference> arrived = new ArrayBlockingQueue<>(1);
    private final PrefetchConsumer consumer;
    private MessageReference current;
    private boolean expected;

    CheckpointQueue(ActiveMQServer server, Queue queue) {
        this.server = server;
        this.storage = server.getStorageManager();
        this.queue = queue;
        this.consumer = new PrefetchConsumer(queue, arrived::offer);
        if (queue.getExecutor() instanceof ArtemisExecutor executor)
            executor.flush(TEN_SECONDS, TimeUnit.SECONDS);
        expected = queue.getMessageCount() > 0;
        consumer.start();
    }

    /** The stored checkpoint, or null. */
    byte[] read() {
        MessageReference reference = current();
        return reference == null ? null : EventPack.bodyOf(reference.getMessage());
    }

    private MessageReference current() {
        if (current != null || !expected)
            return current;
        try {
            current = arrived.poll(TEN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (current == null)
            throw new IllegalStateException("the checkpoint on " + queue.getName() + " was not delivered");
        return current;
    }

    /** Takes part in {@code tx}; {@link #replaced()} has to follow once that is committed. */
    void replace(Transaction tx, byte[] checkpoint) throws Exception {
        MessageReference old = current();
        if (old != null)
            queue.acknowledge(tx, old);
        CoreMessage message = new CoreMessage(storage.generateID(), checkpoint.length + 128);
        message.setType(Message.BYTES_TYPE);
        message.setDurable(true);
        message.setAddress(queue.getAddress());
        message.setTimestamp(System.currentTimeMillis());
        message.getBodyBuffer().writeBytes(checkpoint, 0, checkpoint.length);
        server.getPostOffice().route(message, new RoutingContextImpl(tx).setDuplicateDetection(false), false);
    }

    void replaced() {
        current = null;
        expected = true;
    }

    void close() {
        MessageReference back = expected ? current() : null;
        consumer.stop(storage, back == null ? List.of() : List.of(back));
    }
}
