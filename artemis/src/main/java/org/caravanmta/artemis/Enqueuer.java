package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.postoffice.DuplicateIDCache;
import org.apache.activemq.artemis.core.postoffice.PostOffice;
import org.apache.activemq.artemis.core.persistence.impl.journal.OperationContextImpl;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;
import org.apache.activemq.artemis.utils.ExecutorFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.queue.AlreadyStoredException;
import org.caravanmta.queue.MessageStore.Done;
import org.caravanmta.queue.MessageStore.Placement;

/**
 * Puts new messages on their queues. Every calling thread has its own operation context: callbacks come in the order of
 * that thread's calls, each after the sync of its own records, and threads do not wait for one another.
 */
final class Enqueuer {

    private static final Logger LOG = LoggerFactory.getLogger(Enqueuer.class);

    /** Of no queue: only its ids are kept, as many as Artemis keeps by default. */
    private static final SimpleString KNOWN = SimpleString.of("known-submissions");

    private final StorageManager storage;
    private final PostOffice postOffice;
    private final StoreQueues queues;
    private final MessageTranslator translator;
    private final DuplicateIDCache known;
    private final ThreadLocal<Lane> lanes;

    Enqueuer(StorageManager storage, PostOffice postOffice, ExecutorFactory executors, StoreQueues queues,
            MessageTranslator translator) {
        this.storage = storage;
        this.postOffice = postOffice;
        this.queues = queues;
        this.translator = translator;
        this.known = postOffice.getDuplicateIDCache(KNOWN);
        this.lanes = ThreadLocal.withInitial(() -> new Lane(storage.newContext(executors.getExecutor())));
    }

    /** A context that had an error stays broken, so it is replaced. */
    private static final class Lane {
        final OperationContext context;
        volatile boolean broken;

        Lane(OperationContext context) {
            this.context = context;
        }
    }

    /** @param id null when there is nothing to compare */
    void enqueue(List<Placement> placements, List<byte[]> events, String id, Done done) {
        Lane lane = lane();
        OperationContext before = OperationContextImpl.getContext();
        storage.setContext(lane.context);
        List<StoreQueue> entered = new ArrayList<>(placements.size());
        try {
            if (placements.size() == 1 && events.isEmpty() && id == null)
                place(placements.getFirst(), entered, null);
            else
                placeAll(placements, events, id, entered);
            lane.context.executeOnCompletion(new Durable(lane, entered, done));
        } catch (Exception e) {
            entered.forEach(StoreQueue::leave);
            tell(done, StoreErrors.forSubmitter(e));
        } finally {
            storage.setContext(before);
        }
    }

    private Lane lane() {
        Lane lane = lanes.get();
        if (!lane.broken)
            return lane;
        lanes.remove();
        return lanes.get();
    }

    private void placeAll(List<Placement> placements, List<byte[]> events, String id, List<StoreQueue> entered)
            throws Exception {
        TransactionImpl tx = new TransactionImpl(storage);
        EventPack pack = new EventPack(storage, postOffice);
        try {
            if (id != null && !known.atomicVerify(id.getBytes(StandardCharsets.UTF_8), tx))
                throw new AlreadyStoredException(id);
            for (Placement p : placements)
                place(p, entered, tx);
            for (byte[] event : events)
                pack.add(event, tx);
            pack.route(tx);
            tx.commit();
        } catch (Exception e) {
            tx.tryRollback();
            throw e;
        }
    }

    private void place(Placement p, List<StoreQueue> entered, Transaction tx) throws Exception {
        StoreQueue queue = queues.enter(p.queue());
        entered.add(queue);
        Message message = translator.toBroker(p, queue.address);
        try {
            queue.route(message, tx);
        } catch (Exception e) {
            if (message.getRefCount() == 0)
                MessageTranslator.discard(message);
            throw e;
        }
    }

    private record Durable(Lane lane, List<StoreQueue> entered, Done receipt) implements IOCallback {

        @Override
        public void done() {
            entered.forEach(StoreQueue::leave);
            tell(receipt, null);
        }

        @Override
        public void onError(int code, String message) {
            lane.broken = true;
            entered.forEach(StoreQueue::leave);
            tell(receipt, StoreErrors.forSubmitter(code, message));
        }
    }

    static void tell(Done done, Exception failure) {
        try {
            done.done(failure);
        } catch (RuntimeException e) {
            LOG.error("the receipt of an enqueued message failed", e);
        }
    }
}
