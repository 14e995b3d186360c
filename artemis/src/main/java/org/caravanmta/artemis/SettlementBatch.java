package org.caravanmta.artemis;

import java.util.ArrayList;
import java.util.List;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.postoffice.PostOffice;

import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.QueueNames;

/** Some settlements in one broker transaction. Used once, by the settling thread. */
final class SettlementBatch {

    private final StorageManager storage;
    private final StoreQueues queues;
    private final MessageTranslator translator;
    private final SettleTransaction tx;
    private final EventPack events;
    private final boolean eventsWanted;
    private final List<StoreQueue> entered = new ArrayList<>();
    private final List<Settlement> settlements;

    SettlementBatch(List<Settlement> settlements, StorageManager storage, PostOffice postOffice, StoreQueues queues,
            MessageTranslator translator, boolean eventsWanted) {
        this.settlements = settlements;
        this.storage = storage;
        this.queues = queues;
        this.translator = translator;
        this.eventsWanted = eventsWanted;
        this.tx = new SettleTransaction(storage);
        this.events = new EventPack(storage, postOffice);
    }

    /** Appends everything to the journal; durable when the thread's operation context says so. */
    void commit() throws Exception {
        try {
            for (Settlement s : settlements)
                append(s);
            events.route(tx);
            tx.commit();
        } catch (Exception e) {
            rollback(e);
            throw e;
        }
    }

    private void append(Settlement s) throws Exception {
        if (s.parkReason != null) {
            StoreQueue parked = enter(QueueNames.PARKED);
            route(Parking.copy(s.message.reference.getMessage(), parked, s.message.source.name, s.parkReason, storage),
                    parked);
        }
        for (int i = 0; i < s.placements.size(); i++) {
            Placement p = s.placements.get(i);
            StoreQueue queue = enter(p.queue());
            Message ready = s.files == null ? null : s.files[i];
            route(ready != null ? ready : translator.toBroker(p, queue.address), queue);
        }
        if (eventsWanted)
            for (byte[] event : s.events)
                events.add(event, tx);
        s.message.source.queue.acknowledge(tx, s.message.reference);
    }

    private void route(Message message, StoreQueue queue) throws Exception {
        try {
            message.setAddress(queue.address);
            queue.route(message, tx);
        } catch (Exception e) {
            if (message.getRefCount() == 0)
                MessageTranslator.discard(message);
            throw e;
        }
    }

    private StoreQueue enter(String name) {
        StoreQueue queue = queues.enter(name);
        entered.add(queue);
        return queue;
    }

    /** Undoes what was appended; files of placed large messages go, those never placed too. */
    private void rollback(Exception cause) {
        try {
            tx.rollback();
            for (Settlement s : settlements) {
                if (s.files != null)
                    for (Message file : s.files)
                        if (file != null && !((org.apache.activemq.artemis.api.core.RefCountMessage) file).isReleased())
                            MessageTranslator.discard(file);
                s.files = null;
            }
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
        leave();
    }

    /** After the transaction is durable. */
    void done() {
        leave();
        for (Settlement s : settlements)
            s.message.source.taken.remove(s.message.id());
    }

    private void leave() {
        for (StoreQueue queue : entered)
            queue.leave();
        entered.clear();
    }
}
