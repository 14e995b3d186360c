package org.caravanmta.artemis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.Binding;
import org.apache.activemq.artemis.core.postoffice.PostOffice;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.RoutingContextImpl;
import org.apache.activemq.artemis.core.transaction.Transaction;

/**
 * One queue with its own address of the same name. Whoever puts something on it or subscribes to it enters first and
 * leaves when that is durable; it can only be deleted while nobody is inside.
 */
final class StoreQueue {

    private static final long DELETED = Long.MIN_VALUE / 2;
    private static final long FLUSH_MS = 100;

    final String name;
    final SimpleString address;
    final Queue queue;
    /** Taken and not settled, by message id. */
    final Map<Long, TakenMessage> taken = new ConcurrentHashMap<>();

    private final Binding binding;
    private final PostOffice postOffice;
    private final AtomicLong inside = new AtomicLong();

    StoreQueue(Queue queue, PostOffice postOffice) {
        this.name = queue.getName().toString();
        this.address = queue.getAddress();
        this.queue = queue;
        this.postOffice = postOffice;
        this.binding = postOffice.getBinding(queue.getName());
    }

    /** False when the queue is being deleted. */
    boolean enter() {
        if (inside.incrementAndGet() > 0)
            return true;
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    /** Shuts the door when nobody is inside. */
    boolean shut() {
        return inside.compareAndSet(0, DELETED);
    }

    void reopen() {
        inside.addAndGet(-DELETED);
    }

    /** Puts a new message on this queue. By binding: cheaper than by address, and never to nowhere. */
    void route(Message message, Transaction tx) throws Exception {
        postOffice.route(message, new RoutingContextImpl(tx).setDuplicateDetection(false), false, false, binding);
    }

    Binding binding() {
        return binding;
    }

    long count() {
        settleArrivals();
        return Math.max(0, queue.getMessageCount());
    }

    /** Paging first: its count is an estimate while it is rebuilt after a crash. */
    boolean empty() {
        return settleArrivals() && !queue.getPagingStore().isPaging() && queue.getMessageCount() == 0
                && taken.isEmpty();
    }

    /**
     * The broker counts a message once its queue thread has seen it: wait for that, a moment at most. Its own
     * {@code isFlushed} says yes while tasks wait for a thread.
     */
    private boolean settleArrivals() {
        CountDownLatch seen = new CountDownLatch(1);
        queue.getExecutor().execute(seen::countDown);
        try {
            return seen.await(FLUSH_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
