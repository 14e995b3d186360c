package org.caravanmta.delivery;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of a VirtualMTA's mail may be in memory at once: taken from the queue and not yet settled. The broker's own
 * window does not bound unacknowledged messages, so this one does. Any thread.
 */
final class DeliveryWindow {

    /** Always allowed, whatever the size of the messages. */
    private static final int FLOOR = 16;

    private final int maxMessages;
    private volatile long maxBytes;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    DeliveryWindow(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Another share of the memory: what is taken stays. */
    void limit(long maxSizeBytes) {
        maxBytes = maxSizeBytes;
    }

    boolean full() {
        int m = messages.get();
        return m >= maxMessages || m >= FLOOR && bytes.get() >= maxBytes;
    }

    /** Room for at least a quarter: time to take from the queue again. */
    boolean roomy() {
        int m = messages.get();
        return m <= maxMessages - (maxMessages >> 2) && (m < FLOOR || bytes.get() <= maxBytes - (maxBytes >> 2));
    }

    void take(long sizeBytes) {
        messages.incrementAndGet();
        bytes.addAndGet(sizeBytes);
    }

    void release(long sizeBytes) {
        messages.decrementAndGet();
        bytes.addAndGet(-sizeBytes);
    }

    int messages() {
        return messages.get();
    }
}
