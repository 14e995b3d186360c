package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore.StoredMessage;

/** Messages, receivers and settings for the tests of the store. */
final class StoreFixture {

    static final BrokerSettings SETTINGS = settings(256L << 20);

    private StoreFixture() {
    }

    static BrokerSettings settings(long globalMaxSizeBytes) {
        return new BrokerSettings(Duration.ofNanos(500_000), globalMaxSizeBytes, 64L << 20, List.of(), Map.of());
    }

    /** A message whose envelope id tells it from others. */
    static QueuedMessage message(String id) {
        return message(id, ("Subject: " + id + "\r\n\r\nbody of " + id + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    static QueuedMessage message(String id, byte[] content) {
        return new QueuedMessage("news", "example.com", "sender@example.org",
                List.of(new Recipient("a@example.com"), new Recipient("b@example.com", "rfc822;b@example.com")),
                BodyType.EIGHT_BIT_MIME, false, "job-7", id, 1_700_000_000_000L, 0, "smtp", "client (192.0.2.1)",
                null, new MessageContent.Inline(content));
    }

    static Placement placement(String queue, String id) {
        return new Placement(queue, message(id));
    }

    static void enqueue(MessageStore store, Placement... placements) {
        CompletableFuture<Exception> done = new CompletableFuture<>();
        store.enqueue(List.of(placements), done::complete);
        Exception failure = get(done);
        if (failure != null)
            throw new AssertionError("not stored", failure);
    }

    /** Puts {@code count} messages {@code <prefix>0}, {@code <prefix>1} … and waits until all are stored. */
    static void enqueueMany(MessageStore store, String queue, String prefix, int count) {
        List<CompletableFuture<Exception>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CompletableFuture<Exception> done = new CompletableFuture<>();
            all.add(done);
            store.enqueue(List.of(placement(queue, prefix + i)), done::complete);
        }
        for (CompletableFuture<Exception> done : all)
            if (get(done) != null)
                throw new AssertionError("not stored", get(done));
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(MessageContent content) {
        try (var in = content.open()) {
            return in.readAllBytes();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Takes up to a number of messages and keeps them. */
    static final class Basket implements MessageStore.Receiver {
        final ConcurrentLinkedQueue<StoredMessage> taken = new ConcurrentLinkedQueue<>();
        volatile int room;

        Basket(int room) {
            this.room = room;
        }

        @Override
        public boolean offer(StoredMessage message) {
            if (taken.size() >= room)
                return false;
            taken.add(message);
            return true;
        }

        List<String> ids() {
            return taken.stream().map(m -> m.message().envId()).toList();
        }
    }
}
