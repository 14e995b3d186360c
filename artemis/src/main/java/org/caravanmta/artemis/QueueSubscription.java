package org.caravanmta.artemis;

import java.util.List;

import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.server.Consumer;
import org.apache.activemq.artemis.core.server.HandleStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.Receiver;
import org.caravanmta.queue.MessageStore.Subscription;

/**
 * Offers the messages of one queue to one receiver, as the broker's own bridges take theirs. The broker calls
 * {@link #handle} below the queue's lock, one call at a time; {@code BUSY} leaves the message at the head.
 */
final class QueueSubscription implements Consumer, Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSubscription.class);

    private final StoreQueue source;
    private final Receiver receiver;
    private final MessageTranslator translator;
    private final SettlementWriter settlements;
    private final long id;
    private volatile boolean closed;
    /** Decoded and refused last time; only the queue's thread knows it. */
    private TakenMessage refused;

    QueueSubscription(StoreQueue source, Receiver receiver, MessageTranslator translator,
            SettlementWriter settlements, long id) {
        this.source = source;
        this.receiver = receiver;
        this.translator = translator;
        this.settlements = settlements;
        this.id = id;
    }

    @Override
    public HandleStatus handle(MessageReference reference) {
        if (closed)
            return HandleStatus.BUSY;
        TakenMessage message = refused != null && refused.reference == reference ? refused : decode(reference);
        refused = null;
        if (message == null)
            return HandleStatus.HANDLED;
        source.taken.put(message.id(), message);
        try {
            if (receiver.offer(message)) {
                reference.handled();
                return HandleStatus.HANDLED;
            }
        } catch (RuntimeException e) {
            reference.handled();
            park(message, "receiver failed: " + e, e);
            return HandleStatus.HANDLED;
        }
        source.taken.remove(message.id());
        refused = message;
        return HandleStatus.BUSY;
    }

    private TakenMessage decode(MessageReference reference) {
        try {
            QueuedMessage message = translator.fromBroker(reference.getMessage());
            return new TakenMessage(source, this, reference, message);
        } catch (Exception e) {
            reference.handled();
            TakenMessage broken = new TakenMessage(source, this, reference, null);
            source.taken.put(broken.id(), broken);
            park(broken, "cannot be decoded: " + e.getMessage(), e);
            return null;
        }
    }

    /** Nothing of it is lost, and its neighbours flow. */
    private void park(TakenMessage message, String reason, Exception cause) {
        LOG.error("message {} is parked: {}", message, reason, cause);
        if (message.settle())
            settlements.submit(Settlement.park(message, reason));
    }

    @Override
    public void resume() {
        source.queue.deliverAsync();
    }

    @Override
    public void close() {
        closed = true;
        source.queue.removeConsumer(this);
    }

    @Override
    public void proceedDeliver(MessageReference reference) {
        // handed over in handle already
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public Filter getFilter() {
        return null;
    }

    /** What others took does not count: the broker offers a first subscription nothing while it holds something. */
    @Override
    public List<MessageReference> getDeliveringMessages() {
        return source.taken.values().stream().filter(t -> t.takenBy(this)).map(t -> t.reference).toList();
    }

    @Override
    public String debug() {
        return toString();
    }

    @Override
    public String toManagementString() {
        return toString();
    }

    @Override
    public void disconnect() {
        close();
    }

    @Override
    public void failed(Throwable t) {
        LOG.error("subscription to {} failed and is offered nothing more", source.name, t);
        close();
    }

    @Override
    public long sequentialID() {
        return id;
    }

    @Override
    public String toString() {
        return "subscription " + id + " to " + source.name;
    }
}
