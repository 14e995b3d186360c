package org.caravanmta.delivery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.MessageStore.Subscription;

import io.netty.channel.EventLoop;

/**
 * A queue that is emptied in bursts, so that the store can keep up: {@code each} is called for every message on a broker
 * thread, and settles it there or later. The rest is owned by one event loop.
 */
public final class Drain implements MessageStore.Receiver {

    private static final int MAX_UNSETTLED = 2000;

    private final MessageStore store;
    private final String queue;
    private final EventLoop loop;
    private final Consumer<StoredMessage> each;
    private final AtomicInteger burst = new AtomicInteger();
    private Subscription subscription;
    private boolean resting;

    Drain(MessageStore store, String queue, EventLoop loop, Consumer<StoredMessage> each) {
        this.store = store;
        this.queue = queue;
        this.loop = loop;
        this.each = each;
        this.subscription = store.subscribe(queue, this);
    }

    @Override
    public boolean offer(StoredMessage stored) {
        if (burst.incrementAndGet() > MAX_UNSETTLED) {
            loop.execute(this::nextBurst);
            return false;
        }
        each.accept(stored);
        return true;
    }

    /** Lets the store catch up before the next burst. */
    private void nextBurst() {
        if (resting)
            return;
        resting = true;
        loop.schedule(() -> {
            resting = false;
            burst.set(0);
            subscription.resume();
        }, 50, TimeUnit.MILLISECONDS);
    }

    /** Deletes the queue if it is empty; says whether it is gone. */
    public boolean gone() {
        if (store.count(queue) > 0)
            return false;
        subscription.close();
        if (store.deleteIfEmpty(queue))
            return true;
        subscription = store.subscribe(queue, this);
        return false;
    }

    public void close() {
        subscription.close();
    }
}
