package org.caravanmta.artemis;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.EventLog;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.StoreFullException;

/**
 * The message store on the embedded broker. Owns the broker from {@link #open} to {@link #close()}.
 * <p>
 * Writing large messages blocks on the disk and happens on two threads of its own, {@code caravan-large}; everything
 * else runs on the caller, on broker threads, or on {@code caravan-settle}.
 */
public final class ArtemisMessageStore implements MessageStore {

    private static final Logger LOG = LoggerFactory.getLogger(ArtemisMessageStore.class);
    private static final int LARGE_THREADS = 2;

    private final EmbeddedBroker broker;
    private final StoreQueues queues;
    private final MessageTranslator translator;
    private final Enqueuer enqueuer;
    private final SettlementWriter settlements;
    private final QueueBrowser browser;
    private final QueueSieve sieve;
    private final ArtemisEventLog events;
    private final ExecutorService large;
    private final AtomicLong subscriptions = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private ArtemisMessageStore(EmbeddedBroker broker) {
        this.broker = broker;
        ActiveMQServer server = broker.server();
        StorageManager storage = server.getStorageManager();
        AtomicLong number = new AtomicLong();
        large = Executors.newFixedThreadPool(LARGE_THREADS, task -> Thread.ofPlatform()
                .name("caravan-large-" + number.incrementAndGet()).daemon(true).unstarted(task));
        queues = new StoreQueues(server);
        translator = new MessageTranslator(storage);
        enqueuer = new Enqueuer(storage, server.getPostOffice(), server.getExecutorFactory(), queues, translator);
        events = new ArtemisEventLog(server, queues);
        browser = new QueueBrowser(translator);
        sieve = new QueueSieve(storage, server.getExecutorFactory(), queues, translator);
        settlements = new SettlementWriter(storage, server.getPostOffice(),
                storage.newContext(server.getExecutorFactory().getExecutor()), queues, translator, events::hasReaders,
                new SettlementFiles(large, translator));
        settlements.start();
    }

    /**
     * Starts the broker below {@code <home>/broker}, with everything the last run left.
     *
     * @throws HomeInUseException   another instance has the home; nothing was touched
     * @throws BrokerStartException the journal cannot be opened; the cause says why
     */
    public static ArtemisMessageStore open(Path home, BrokerSettings settings, BrokerOptions options) {
        return new ArtemisMessageStore(EmbeddedBroker.start(home, settings, options));
    }

    EmbeddedBroker broker() {
        return broker;
    }

    StoreQueues storeQueues() {
        return queues;
    }

    /** The durable outcome events of the same broker. */
    public EventLog events() {
        return events;
    }

    @Override
    public void enqueue(List<Placement> messages, List<byte[]> events, String id, Done done) {
        String refusal = broker.refusal();
        if (refusal != null) {
            Enqueuer.tell(done, new StoreFullException(refusal));
        } else if (messages.stream().anyMatch(p -> MessageTranslator.isLarge(p.message()))) {
            large.execute(() -> enqueuer.enqueue(messages, this.events.hasReaders() ? events : List.of(), id, done));
        } else {
            enqueuer.enqueue(messages, this.events.hasReaders() ? events : List.of(), id, done);
        }
    }

    @Override
    public Subscription subscribe(String queue, Receiver receiver) {
        StoreQueue source = queues.enter(queue);
        try {
            QueueSubscription subscription = new QueueSubscription(source, receiver, translator, settlements,
                    subscriptions.incrementAndGet());
            source.queue.addConsumer(subscription);
            source.queue.deliverAsync();
            return subscription;
        } catch (Exception e) {
            throw new IllegalStateException("cannot subscribe to " + queue, e);
        } finally {
            source.leave();
        }
    }

    @Override
    public void settle(StoredMessage message, List<Placement> placements, List<byte[]> events) {
        TakenMessage taken = (TakenMessage) message;
        if (taken.settle())
            settlements.submit(Settlement.of(taken, placements, events));
        else
            LOG.error("message {} was settled twice, the second time is ignored", taken);
    }

    @Override
    public void flush() {
        settlements.flush();
    }

    @Override
    public long count(String queue) {
        StoreQueue q = queues.find(queue);
        return q == null ? 0 : q.count();
    }

    @Override
    public Set<String> queues(String prefix) {
        return queues.names(prefix);
    }

    @Override
    public boolean deleteIfEmpty(String queue) {
        return queues.deleteIfEmpty(queue);
    }

    @Override
    public void browse(String queue, BiConsumer<QueuedMessage, String> messageAndReason) {
        StoreQueue q = queues.find(queue);
        if (q != null)
            browser.browse(q, messageAndReason);
    }

    @Override
    public long sift(String queue, Predicate<QueuedMessage> meant, String toQueue) {
        StoreQueue from = queues.find(queue);
        return from == null ? 0 : sieve.move(from, meant, toQueue);
    }

    @Override
    public String refusal() {
        return broker.refusal();
    }

    /** Offers stop, settlements made so far are written, the broker stops. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true))
            return;
        queues.unsubscribeAll();
        large.shutdown();
        try {
            if (!large.awaitTermination(30, TimeUnit.SECONDS))
                LOG.warn("large messages are still being written at the end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        settlements.stop();
        events.close();
        broker.close();
    }
}
