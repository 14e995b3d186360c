package org.caravanmta.artemis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.persistence.impl.journal.OperationContextImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.queue.EventLog;
import org.caravanmta.queue.QueueNames;

/**
 * One reader of the event log. Events arrive in packs; a pack of which only a part was polled stays on the queue, and
 * the stored {@link ReaderPosition} says how many of its events are done. One thread at a time, apart from the broker's
 * that fills {@link #arrived}.
 */
final class EventReader implements EventLog.Reader {

    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);

    /** Events held ready. */
    private static final int PREFETCH = 4000;

    private final ActiveMQServer server;
    private final StorageManager storage;
    private final Queue queue;
    private final CheckpointQueue checkpoints;
    private final StoreQueues queues;
    private final Runnable closed;
    private final OperationContext context;
    private final PrefetchConsumer consumer;
    private final BlockingQueue<Pack> arrived = new LinkedBlockingQueue<>();
    private final AtomicInteger ready = new AtomicInteger();
    /** Polled at least in part and not acknowledged, in their order. */
    private final Deque<Pack> polled = new ArrayDeque<>();
    private ReaderPosition position;
    private boolean open = true;

    EventReader(ActiveMQServer server, Queue queue, CheckpointQueue checkpoints, StoreQueues queues, Runnable closed) {
        this.server = server;
        this.storage = server.getStorageManager();
        this.queue = queue;
        this.checkpoints = checkpoints;
        this.queues = queues;
        this.closed = closed;
        this.context = storage.newContext(server.getExecutorFactory().getExecutor());
        this.position = ReaderPosition.decode(checkpoints.read());
        this.consumer = new PrefetchConsumer(queue, this::take);
        consumer.start();
    }

    /** One message of the queue. {@code next}: the first event that was not polled; {@code done}: not acknowledged. */
    private static final class Pack {
        final MessageReference reference;
        final List<byte[]> events;
        final String damage;
        int next;
        int done;

        Pack(MessageReference reference, List<byte[]> events, String damage) {
            this.reference = reference;
            this.events = events;
            this.damage = damage;
        }
    }

    private boolean take(MessageReference reference) {
        if (ready.get() >= PREFETCH)
            return false;
        Pack pack;
        try {
            pack = new Pack(reference, EventPack.events(reference.getMessage()), null);
        } catch (RuntimeException e) {
            LOG.error("event message {} on {} cannot be decoded and will be parked", reference.getMessageID(),
                    queue.getName(), e);
            pack = new Pack(reference, List.of(), "events cannot be decoded: " + e.getMessage());
        }
        ready.addAndGet(pack.events.size());
        arrived.add(pack);
        return true;
    }

    @Override
    public byte[] checkpoint() {
        return position.checkpoint();
    }

    @Override
    public List<byte[]> poll(int max, long waitMs) throws InterruptedException {
        List<byte[]> events = new ArrayList<>(Math.min(max, PREFETCH));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (events.size() < max) {
            Pack pack = polled.peekLast();
            if (pack == null || pack.next == pack.events.size()) {
                pack = events.isEmpty() ? arrived.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                        : arrived.poll();
                if (pack == null)
                    break;
                pack.next = Math.min(pack.events.size(), position.doneOf(pack.reference.getMessageID()));
                pack.done = pack.next;
                ready.addAndGet(-pack.next);
                polled.addLast(pack);
            }
            int to = Math.min(pack.events.size(), pack.next + max - events.size());
            events.addAll(pack.events.subList(pack.next, to));
            pack.next = to;
        }
        refill(events.size());
        return events;
    }

    private void refill(int taken) {
        int before = ready.getAndAdd(-taken);
        if (before - taken < PREFETCH / 2)
            queue.deliverAsync();
    }

    @Override
    public void acknowledge(byte[] checkpoint) {
        int all = 0;
        for (Pack pack : polled)
            all += pack.next - pack.done;
        acknowledge(checkpoint, all);
    }

    @Override
    public void acknowledge(byte[] checkpoint, int events) {
        List<Pack> whole = new ArrayList<>();
        int left = events;
        Pack partly = null;
        int done = 0;
        for (Pack pack : polled) {
            int of = Math.min(left, pack.next - pack.done);
            left -= of;
            done = pack.done + of;
            if (done < pack.events.size()) {
                partly = pack;
                break;
            }
            whole.add(pack);
        }
        if (left > 0)
            throw new IllegalArgumentException(left + " events more than were polled");
        ReaderPosition reached;
        if (partly != null)
            reached = done == 0 ? new ReaderPosition(0, 0, checkpoint)
                    : new ReaderPosition(partly.reference.getMessageID(), done, checkpoint);
        else if (polled.isEmpty())
            // nothing polled: the pack that an earlier run left half done is still to come
            reached = new ReaderPosition(position.packId(), position.doneEvents(), checkpoint);
        else
            reached = new ReaderPosition(0, 0, checkpoint);
        OperationContext before = OperationContextImpl.getContext();
        storage.setContext(context);
        try {
            commit(reached, whole);
        } catch (Exception e) {
            throw new IllegalStateException("events of " + queue.getName() + " cannot be acknowledged", e);
        } finally {
            storage.setContext(before);
        }
        position = reached;
        polled.removeAll(whole);
        if (partly != null)
            partly.done = done;
    }

    private void commit(ReaderPosition reached, List<Pack> whole) throws Exception {
        SettleTransaction tx = new SettleTransaction(storage);
        List<StoreQueue> entered = new ArrayList<>();
        try {
            for (Pack pack : whole) {
                if (pack.damage != null)
                    park(pack, tx, entered);
                queue.acknowledge(tx, pack.reference);
            }
            checkpoints.replace(tx, reached.encode());
            tx.commit();
            context.waitCompletion();
            checkpoints.replaced();
        } catch (Exception e) {
            tx.tryRollback();
            throw e;
        } finally {
            entered.forEach(StoreQueue::leave);
        }
    }

    private void park(Pack pack, SettleTransaction tx, List<StoreQueue> entered) throws Exception {
        StoreQueue parked = queues.enter(QueueNames.PARKED);
        entered.add(parked);
        parked.route(Parking.copy(pack.reference.getMessage(), parked, queue.getName().toString(), pack.damage,
                storage), tx);
    }

    @Override
    public void close() {
        if (!open)
            return;
        open = false;
        // first the consumer, so that nothing arrives any more
        consumer.disconnect();
        List<MessageReference> back = new ArrayList<>();
        polled.forEach(p -> back.add(p.reference));
        arrived.forEach(p -> back.add(p.reference));
        consumer.stop(storage, back);
        checkpoints.close();
        closed.run();
    }

    @Override
    public String toString() {
        return "reader of " + queue.getName() + " of " + server.getNodeID();
    }
}
