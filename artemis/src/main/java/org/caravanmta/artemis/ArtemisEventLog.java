package org.caravanmta.artemis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.QueueBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;

import org.caravanmta.queue.EventLog;
import org.caravanmta.queue.QueueNames;

/**
 * Outcome events on one multicast address: every reader has a durable queue {@code events.<name>} on it, and a queue
 * {@code checkpoint.<name>} that holds one message. Without readers nothing is stored.
 */
final class ArtemisEventLog implements EventLog, AutoCloseable {

    static final String READER_PREFIX = QueueNames.EVENTS + ".";
    static final String CHECKPOINT_PREFIX = "checkpoint.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}");

    private final ActiveMQServer server;
    private final StoreQueues queues;
    private final Map<String, EventReader> open = new ConcurrentHashMap<>();
    private volatile boolean hasReaders;

    ArtemisEventLog(ActiveMQServer server, StoreQueues queues) {
        this.server = server;
        this.queues = queues;
        hasReaders = !readers().isEmpty();
    }

    /** Whether an event has anywhere to go. */
    boolean hasReaders() {
        return hasReaders;
    }

    /**
     * @param name letters, digits, {@code . _ -}
     * @throws IllegalStateException somebody reads under this name already
     */
    @Override
    public synchronized Reader open(String name) {
        if (!NAME.matcher(name).matches())
            throw new IllegalArgumentException("reader name " + name);
        if (open.containsKey(name))
            throw new IllegalStateException("events are being read as " + name + " already");
        Queue events = create(READER_PREFIX + name, QueueNames.EVENTS, RoutingType.MULTICAST);
        Queue checkpoints = create(CHECKPOINT_PREFIX + name, CHECKPOINT_PREFIX + name, RoutingType.ANYCAST);
        hasReaders = true;
        EventReader reader = new EventReader(server, events, new CheckpointQueue(server, checkpoints), queues,
                () -> open.remove(name));
        open.put(name, reader);
        return reader;
    }

    private Queue create(String name, String address, RoutingType type) {
        try {
            return server.createQueue(QueueConfiguration.of(name).setAddress(address).setRoutingType(type)
                    .setDurable(true).setAutoDelete(false).setAutoCreateAddress(true), true);
        } catch (Exception e) {
            throw new IllegalStateException("queue " + name + " cannot be created", e);
        }
    }

    @Override
    public List<String> readers() {
        return server.getPostOffice().getAllBindings().filter(QueueBinding.class::isInstance)
                .map(b -> b.getUniqueName().toString()).filter(n -> n.startsWith(READER_PREFIX))
                .map(n -> n.substring(READER_PREFIX.length())).sorted().toList();
    }

    @Override
    public long waitingBytes(String name) {
        Queue queue = server.locateQueue(SimpleString.of(READER_PREFIX + name));
        return queue == null ? 0 : queue.getPersistentSize();
    }

    /** @throws IllegalStateException it is being read just now */
    @Override
    public synchronized void drop(String name) {
        if (open.containsKey(name))
            throw new IllegalStateException("events are being read as " + name);
        destroy(READER_PREFIX + name);
        if (destroy(CHECKPOINT_PREFIX + name))
            removeAddress(CHECKPOINT_PREFIX + name);
        hasReaders = !readers().isEmpty();
    }

    private boolean destroy(String queue) {
        try {
            if (server.locateQueue(SimpleString.of(queue)) == null)
                return false;
            server.destroyQueue(SimpleString.of(queue), null, false, true);
            return true;
        } catch (Exception e) {
            throw new IllegalStateException("queue " + queue + " cannot be deleted", e);
        }
    }

    private void removeAddress(String address) {
        try {
            server.removeAddressInfo(SimpleString.of(address), null);
        } catch (Exception e) {
            throw new IllegalStateException("address " + address + " cannot be deleted", e);
        }
    }

    @Override
    public void close() {
        List.copyOf(open.values()).forEach(EventReader::close);
    }
}
