package org.caravanmta.delivery;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.MessageStore.Subscription;

/**
 * The queue split off while a destination is congested, or a job held up, so that its mail never blocks the head of the
 * VirtualMTA's main queue. Offers only as many messages as were granted credits for. {@link #offer} runs on a broker
 * thread, everything else on the VirtualMTA's event loop.
 */
final class SplitQueue implements MessageStore.Receiver {

    private final String name;
    private final VirtualMtaDelivery owner;
    private final Consumer<StoredMessage> arrival;
    private final AtomicInteger credits = new AtomicInteger();
    private Subscription subscription;
    private long lastMoveNanos;

    /** @param arrival called on the event loop for each message that comes back */
    SplitQueue(String name, VirtualMtaDelivery owner, Consumer<StoredMessage> arrival) {
        this.name = name;
        this.owner = owner;
        this.arrival = arrival;
        lastMoveNanos = owner.nanoTime();
        subscription = owner.store().subscribe(name, this);
    }

    @Override
    public boolean offer(StoredMessage message) {
        if (credits.getAndUpdate(c -> c > 0 ? c - 1 : 0) == 0)
            return false;
        owner.taken(message);
        owner.loop().execute(() -> arrival.accept(message));
        return true;
    }

    void move(StoredMessage message) {
        lastMoveNanos = owner.nanoTime();
        owner.move(message, name);
    }

    /** Lets at most {@code credit} more messages come. */
    void grant(int credit) {
        if (credits.getAndSet(Math.max(0, credit)) < credit)
            subscription.resume();
    }

    /** Gone once empty: says whether it is. Nothing may be on its way here, so the last move must be some time ago. */
    boolean closeIfDrained() {
        if (owner.nanoTime() - lastMoveNanos < 2_000_000_000L || owner.store().count(name) > 0)
            return false;
        subscription.close();
        if (owner.store().deleteIfEmpty(name))
            return true;
        subscription = owner.store().subscribe(name, this);
        return false;
    }

    void close() {
        subscription.close();
    }
}
