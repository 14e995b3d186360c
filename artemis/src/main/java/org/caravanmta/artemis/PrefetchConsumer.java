package org.caravanmta.artemis;

import java.util.List;
import java.util.function.Predicate;

import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.Consumer;
import org.apache.activemq.artemis.core.server.HandleStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;

/** Takes from one queue of the event log for as long as its owner has room. */
final class PrefetchConsumer implements Consumer {

    private final Queue queue;
    private final Predicate<MessageReference> taker;
    private volatile boolean closed;

    /** @param taker called below the queue's lock; false when there is no room */
    PrefetchConsumer(Queue queue, Predicate<MessageReference> taker) {
        this.queue = queue;
        this.taker = taker;
    }

    void start() {
        try {
            queue.addConsumer(this);
            queue.deliverAsync();
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + queue.getName(), e);
        }
    }

    /** Ends it and puts back what was taken and not acknowledged, in its old place. */
    void stop(StorageManager storage, List<MessageReference> back) {
        closed = true;
        queue.removeConsumer(this);
        if (back.isEmpty())
            return;
        try {
            Transaction tx = new TransactionImpl(storage);
            for (MessageReference reference : back)
                queue.cancel(tx, reference, true);
            tx.rollback();
        } catch (Exception e) {
            throw new IllegalStateException("messages cannot be put back on " + queue.getName(), e);
        }
    }

    @Override
    public HandleStatus handle(MessageReference reference) {
        if (closed || !taker.test(reference))
            return HandleStatus.BUSY;
        reference.handled();
        return HandleStatus.HANDLED;
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

    @Override
    public List<MessageReference> getDeliveringMessages() {
        return List.of();
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
        closed = true;
        queue.removeConsumer(this);
    }

    @Override
    public void failed(Throwable t) {
        disconnect();
    }

    @Override
    public long sequentialID() {
        return 0;
    }

    @Override
    public String toString() {
        return "reader of " + queue.getName();
    }
}
