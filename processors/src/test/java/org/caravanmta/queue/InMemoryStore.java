package org.caravanmta.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.caravanmta.message.QueuedMessage;

/** A store for tests of the rooms above it: same contract, no disk. One broker thread. */
public final class InMemoryStore implements MessageStore {

    private final Map<String, Waiting> queues = new TreeMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final ExecutorService broker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("test-broker").daemon().factory());
    public final ConcurrentLinkedQueue<byte[]> events = new ConcurrentLinkedQueue<>();
    public final ConcurrentLinkedQueue<String> parkedReasons = new ConcurrentLinkedQueue<>();

    private static final class Stored implements StoredMessage {
        private final QueuedMessage message;
        private final Waiting queue;

        Stored(QueuedMessage message, Waiting queue) {
            this.message = message;
            this.queue = queue;
        }

        @Override
        public QueuedMessage message() {
            return message;
        }
    }

    private static final class Waiting {
        final ArrayDeque<QueuedMessage> messages = new ArrayDeque<>();
        final Set<Stored> taken = ConcurrentHashMap.newKeySet();
        Receiver receiver;
    }

    @Override
    public void enqueue(List<Placement> messages, List<byte[]> events, String id, Done done) {
        broker.execute(() -> {
            if (id != null && !known.add(id)) {
                done.done(new AlreadyStoredException(id));
                return;
            }
            place(messages);
            done.done(null);
        });
    }

    private void place(List<Placement> messages) {
        for (Placement p : messages) {
            queue(p.queue()).messages.add(p.message());
            if (p.reason() != null)
                parkedReasons.add(p.reason());
            offer(queue(p.queue()));
        }
    }

    private Waiting queue(String name) {
        synchronized (queues) {
            return queues.computeIfAbsent(name, n -> new Waiting());
        }
    }

    private void offer(Waiting q) {
        while (q.receiver != null && !q.messages.isEmpty()) {
            Stored next = new Stored(q.messages.peek(), q);
            q.taken.add(next);
            if (!q.receiver.offer(next)) {
                q.taken.remove(next);
                return;
            }
            q.messages.poll();
        }
    }

    @Override
    public Subscription subscribe(String name, Receiver receiver) {
        Waiting q = queue(name);
        broker.execute(() -> {
            q.receiver = receiver;
            offer(q);
        });
        return new Subscription() {
            @Override
            public void resume() {
                broker.execute(() -> offer(q));
            }

            @Override
            public void close() {
                broker.execute(() -> q.receiver = null);
            }
        };
    }

    @Override
    public void settle(StoredMessage message, List<Placement> placements, List<byte[]> newEvents) {
        broker.execute(() -> {
            ((Stored) message).queue.taken.remove(message);
            events.addAll(newEvents);
            place(placements);
        });
    }

    private <T> T ask(java.util.concurrent.Callable<T> question) {
        try {
            return broker.submit(question).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void flush() {
        ask(() -> null);
    }

    @Override
    public long count(String queue) {
        synchronized (queues) {
            Waiting q = queues.get(queue);
            return q == null ? 0 : q.messages.size() + q.taken.size();
        }
    }

    @Override
    public Set<String> queues(String prefix) {
        synchronized (queues) {
            return queues.keySet().stream().filter(q -> q.startsWith(prefix)).collect(Collectors.toSet());
        }
    }

    @Override
    public boolean deleteIfEmpty(String queue) {
        return ask(() -> {
            synchronized (queues) {
                if (count(queue) == 0)
                    queues.remove(queue);
                return !queues.containsKey(queue);
            }
        });
    }

    @Override
    public void browse(String queue, BiConsumer<QueuedMessage, String> messageAndReason) {
        List<QueuedMessage> all = ask(() -> {
            if (!queues("").contains(queue))
                return List.of();
            List<QueuedMessage> found = new ArrayList<>(queue(queue).taken.stream().map(Stored::message).toList());
            found.addAll(queue(queue).messages);
            return found;
        });
        all.forEach(m -> messageAndReason.accept(m, null));
    }

    @Override
    public long sift(String from, Predicate<QueuedMessage> meant, String toQueue) {
        return ask(() -> {
            if (!queues("").contains(from))
                return 0L;
            List<QueuedMessage> moved = queue(from).messages.stream().filter(meant).toList();
            queue(from).messages.removeAll(moved);
            place(moved.stream().map(m -> new Placement(toQueue, m)).toList());
            return (long) moved.size();
        });
    }

    @Override
    public String refusal() {
        return null;
    }

    @Override
    public void close() {
        broker.shutdownNow();
    }
}
