package org.caravanmta.artemis;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.selector.filter.Filterable;
import org.apache.activemq.artemis.core.paging.PagingStore;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.persistence.impl.journal.OperationContextImpl;
import org.apache.activemq.artemis.core.server.impl.QueueImpl;
import org.apache.activemq.artemis.utils.ExecutorFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.message.QueuedMessage;

/** Moves the messages of a queue that are meant to another queue, with the broker's own move by filter. */
final class QueueSieve {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSieve.class);

    private static final long DISK_MS = 60_000;

    private final StorageManager storage;
    private final ExecutorFactory executors;
    private final StoreQueues queues;
    private final MessageTranslator translator;

    QueueSieve(StorageManager storage, ExecutorFactory executors, StoreQueues queues, MessageTranslator translator) {
        this.storage = storage;
        this.executors = executors;
        this.queues = queues;
        this.translator = translator;
    }

    long move(StoreQueue from, Predicate<QueuedMessage> meant, String toQueue) {
        from.count(); // what has just arrived is seen
        StoreQueue to = queues.enter(toQueue);
        OperationContext before = OperationContextImpl.getContext();
        OperationContext context = storage.newContext(executors.getExecutor());
        storage.setContext(context);
        try {
            long moved = withPages(from, () -> from.queue.moveReferences(QueueImpl.DEFAULT_FLUSH_LIMIT,
                    new Meant(from, meant), to.address, false, 0, to.binding()));
            if (!context.waitCompletion(DISK_MS))
                throw new IllegalStateException("the disk does not answer");
            return moved;
        } catch (Exception e) {
            throw new IllegalStateException("messages of " + from.name + " cannot be moved", e);
        } finally {
            storage.setContext(before);
            to.leave();
        }
    }

    /**
     * No page is cleaned up meanwhile: with a page that was consumed the broker forgets what of it was, and whoever looks
     * through it just then finds all its messages again.
     */
    private static int withPages(StoreQueue from, Callable<Integer> work) throws Exception {
        synchronized (from) {
            PagingStore pages = from.queue.getPagingStore();
            pages.getCursorProvider().disableCleanup();
            try {
                CountDownLatch cleanedUp = new CountDownLatch(1);
                pages.execute(cleanedUp::countDown);
                if (!cleanedUp.await(DISK_MS, TimeUnit.MILLISECONDS))
                    throw new IllegalStateException("the disk does not answer");
                return work.call();
            } finally {
                pages.getCursorProvider().resumeCleanup();
            }
        }
    }

    /**
     * A filter that reads the message as we wrote it. One that cannot be read is never meant.
     * <p>
     * The broker looks through what is in memory, then through the pages, where it now and then meets again what it has
     * fetched from there before: its mark for that is set on the neighbour when a delivery looks ahead at that moment.
     * What is taken, or was met, is therefore not meant again.
     */
    private final class Meant implements Filter {

        private final StoreQueue from;
        private final Predicate<QueuedMessage> meant;
        private final Set<Long> met = new HashSet<>();

        Meant(StoreQueue from, Predicate<QueuedMessage> meant) {
            this.from = from;
            this.meant = meant;
        }

        @Override
        public boolean match(Message message) {
            try {
                return !from.taken.containsKey(message.getMessageID()) && meant.test(translator.fromBroker(message))
                        && met.add(message.getMessageID());
            } catch (Exception e) {
                LOG.debug("message {} cannot be read and is left where it is", message.getMessageID(), e);
                return false;
            }
        }

        @Override
        public boolean match(Map<String, String> map) {
            return false;
        }

        @Override
        public boolean match(Filterable filterable) {
            return false;
        }

        @Override
        public SimpleString getFilterString() {
            return SimpleString.of("meant");
        }
    }
}
