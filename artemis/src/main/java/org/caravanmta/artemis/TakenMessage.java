package org.caravanmta.artemis;

import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.activemq.artemis.core.server.MessageReference;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.StoredMessage;

/** A message in somebody's hands, until it is settled. */
final class TakenMessage implements StoredMessage {

    final StoreQueue source;
    final MessageReference reference;
    private final QueueSubscription taker;
    private final QueuedMessage message;
    private final AtomicBoolean settled = new AtomicBoolean();

    /** @param message null when it could not be decoded */
    TakenMessage(StoreQueue source, QueueSubscription taker, MessageReference reference, QueuedMessage message) {
        this.source = source;
        this.taker = taker;
        this.reference = reference;
        this.message = message;
    }

    @Override
    public QueuedMessage message() {
        return message;
    }

    /** True the first time only. */
    boolean settle() {
        return settled.compareAndSet(false, true);
    }

    boolean takenBy(QueueSubscription subscription) {
        return taker == subscription;
    }

    long id() {
        return reference.getMessageID();
    }

    @Override
    public String toString() {
        return source.name + "/" + id();
    }
}
