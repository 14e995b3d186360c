package org.caravanmta.delivery;

import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.QueueNames;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/**
 * Where deferred mail waits: one queue per due time that nobody consumes until it is due, so a million deferred
 * messages lie on disk and not in memory. A due slot is emptied into the VirtualMTAs' main queues and goes away. State
 * is owned by one event loop; {@link #slot} may be called from any thread.
 */
final class RetrySlots {

    /** A slot that was due may still receive a message that was settled just before; it is looked at again so long. */
    private static final long LINGER_SECONDS = 10;

    private final MessageStore store;
    private final EventLoop loop;
    private final LongSupplier clockMs;
    private final Consumer<StoredMessage> requeue;
    private final TreeMap<Long, Drain> draining = new TreeMap<>();
    private Future<?> timer;

    RetrySlots(MessageStore store, EventLoop loop, LongSupplier clockMs, Consumer<StoredMessage> requeue) {
        this.store = store;
        this.loop = loop;
        this.clockMs = clockMs;
        this.requeue = requeue;
    }

    void start() {
        timer = loop.scheduleWithFixedDelay(this::tick, 0, 500, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (timer == null)
            return;
        timer.cancel(false);
        loop.submit(() -> draining.values().forEach(Drain::close)).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** A message in the slot where it waits for so long, or until its time is over if that comes first. */
    Placement placement(QueuedMessage message, Duration delay, Duration bounceAfter) {
        long now = clockMs.getAsLong();
        long expiryMs = message.queuedAtMs() + bounceAfter.toMillis();
        return new Placement(slot(Math.min(now + delay.toMillis(), Math.max(expiryMs, now)), delay), message);
    }

    /**
     * The slot for what is due at {@code dueMs}. Its grain is a tenth of the delay, at least a second and at most a
     * minute, so that even days of retries make only some thousand slots.
     */
    private String slot(long dueMs, Duration delay) {
        long grain = Math.clamp(delay.toSeconds() / 10, 1, 60);
        long due = Math.ceilDiv(Math.ceilDiv(dueMs, 1000), grain) * grain;
        return QueueNames.retrySlot(due);
    }

    private void tick() {
        long now = Math.floorDiv(clockMs.getAsLong(), 1000);
        for (String queue : store.queues(QueueNames.RETRY)) {
            long due = QueueNames.due(queue);
            if (due <= now)
                draining.computeIfAbsent(due, d -> new Drain(store, queue, loop, requeue));
        }
        draining.entrySet().removeIf(slot -> slot.getKey() + LINGER_SECONDS <= now && slot.getValue().gone());
    }
}
