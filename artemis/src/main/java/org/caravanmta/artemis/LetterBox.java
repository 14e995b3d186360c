package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.persistence.impl.journal.OperationContextImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.LargeServerMessage;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.RoutingContextImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.broker.Answer;
import org.caravanmta.submission.broker.LetterCounts;
import org.caravanmta.submission.broker.UnreadableLetterException;
import org.caravanmta.submission.broker.Verdict;

/**
 * The queue of letters. Each is read, handed in and then, in one transaction, taken off, answered and parked as its
 * verdict says; what a crash interrupts begins again.
 */
final class LetterBox {

    private static final Logger LOG = LoggerFactory.getLogger(LetterBox.class);

    private static final int AT_A_TIME = 256;
    private static final int LARGE_AT_A_TIME = 8;
    private static final int MANY_FAILURES = 5;
    private static final int PARKED_BYTES = 128 << 10;
    private static final long LATER_MS = 1_000;
    private static final long LONGEST_STOP_MS = 10_000;

    private final ActiveMQServer server;
    private final StorageManager storage;
    private final StoreQueues queues;
    private final LetterReader reader;
    private final Queue queue;
    private final PrefetchConsumer consumer;
    private final Semaphore permits = new Semaphore(AT_A_TIME);
    private final Semaphore largePermits = new Semaphore(LARGE_AT_A_TIME);
    private final LongAdder done = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private volatile boolean closing;

    LetterBox(ActiveMQServer server, StoreQueues queues, LetterReader reader) throws Exception {
        this.server = server;
        this.storage = server.getStorageManager();
        this.queues = queues;
        this.reader = reader;
        this.queue = server.createQueue(QueueConfiguration.of(ClientGuard.SUBMIT).setRoutingType(RoutingType.ANYCAST)
                .setDurable(true).setAutoDelete(false).setAutoCreateAddress(true), true);
        this.consumer = new PrefetchConsumer(queue, this::take);
        consumer.start();
    }

    private boolean take(MessageReference reference) {
        if (closing || !permits.tryAcquire())
            return false;
        Thread.ofVirtual().name("letter").start(() -> {
            try {
                if (reference.getMessage() instanceof LargeServerMessage)
                    large(reference);
                else
                    read(reference);
            } catch (InterruptedException _) {
                // it comes again after the next start
            } finally {
                permits.release();
                if (permits.availablePermits() > AT_A_TIME / 2)
                    queue.deliverAsync();
            }
        });
        return true;
    }

    private void large(MessageReference reference) throws InterruptedException {
        largePermits.acquire();
        try {
            read(reference);
        } finally {
            largePermits.release();
        }
    }

    private void read(MessageReference reference) throws InterruptedException {
        for (int failures = 0; !closing; Thread.sleep(LATER_MS)) {
            try {
                BrokerLetter letter = new BrokerLetter(reference.getMessage());
                Verdict verdict = failures < MANY_FAILURES ? reader.read(letter) : unreadable("It cannot be handed in");
                if (verdict.later())
                    continue;
                settle(reference, letter, verdict);
                return;
            } catch (UnreadableLetterException e) {
                if (settledUnread(reference, e.getMessage()))
                    return;
            } catch (Exception e) {
                failures++;
                LOG.error("ALARM: letter {} cannot be handed in", reference.getMessageID(), e);
            }
        }
    }

    private boolean settledUnread(MessageReference reference, String reason) {
        try {
            settle(reference, null, unreadable(reason));
            return true;
        } catch (Exception e) {
            LOG.error("ALARM: letter {} cannot be parked: {}", reference.getMessageID(), e.toString());
            return false;
        }
    }

    private static Verdict unreadable(String reason) {
        return Verdict.refused(Reply.of(550, "5.6.1", reason));
    }

    private void settle(MessageReference reference, BrokerLetter letter, Verdict verdict) throws Exception {
        OperationContext before = OperationContextImpl.getContext();
        OperationContext context = storage.newContext(server.getExecutorFactory().getExecutor());
        storage.setContext(context);
        SettleTransaction tx = new SettleTransaction(storage);
        StoreQueue to = verdict.parkedAs() == null ? null : queues.enter(QueueNames.PARKED);
        try {
            if (to != null)
                to.route(parked(reference, letter, verdict.parkedAs(), to), tx);
            queue.acknowledge(tx, reference);
            SimpleString asker = letter == null ? null : letter.answerAddress();
            if (asker != null)
                server.getPostOffice().route(answer(letter, asker, verdict.answer()),
                        new RoutingContextImpl(tx).setDuplicateDetection(false), false);
            tx.commit();
            context.waitCompletion();
        } catch (Exception e) {
            tx.tryRollback();
            throw e;
        } finally {
            if (to != null)
                to.leave();
            storage.setContext(before);
        }
        done.increment();
        if (to != null) {
            parked.increment();
            LOG.warn("letter {} of {} is parked: {}", reference.getMessageID(),
                    SenderStamp.user(reference.getMessage()), verdict.parkedAs());
        }
    }

    private Message answer(BrokerLetter letter, SimpleString to, Answer answer) {
        CoreMessage message = new CoreMessage(storage.generateID(), 512);
        message.setType(Message.TEXT_TYPE);
        message.setDurable(true);
        message.setAddress(to);
        message.setTimestamp(System.currentTimeMillis());
        message.putIntProperty("accepted", answer.accepted());
        message.putIntProperty("rejected", answer.rejected().size());
        if (letter.correlation() != null)
            message.setCorrelationID(letter.correlation());
        message.getBodyBuffer().writeNullableSimpleString(SimpleString.of(answer.json()));
        return message;
    }

    /** For people alone: no program takes it for queued mail. */
    private Message parked(MessageReference reference, BrokerLetter letter, String reason, StoreQueue to) {
        CoreMessage message = new CoreMessage(storage.generateID(), 512);
        message.setType(Message.BYTES_TYPE);
        message.setDurable(true);
        message.setAddress(to.address);
        message.setTimestamp(reference.getMessage().getTimestamp());
        message.putStringProperty("parkedFrom",
                ClientGuard.SUBMIT + " of " + SenderStamp.user(reference.getMessage()));
        MessageTranslator.setReason(message, reason);
        message.getBodyBuffer()
                .writeBytes("A letter that was not taken begins so:\n\n".getBytes(StandardCharsets.UTF_8));
        if (letter != null)
            message.getBodyBuffer().writeBytes(letter.beginning(PARKED_BYTES));
        return message;
    }

    LetterCounts counts() {
        return new LetterCounts(queue.getMessageCount(), done.sum(), parked.sum());
    }

    /** Reads no more, and finishes what is being read. */
    void close() {
        closing = true;
        consumer.disconnect();
        try {
            if (!permits.tryAcquire(AT_A_TIME, LONGEST_STOP_MS, TimeUnit.MILLISECONDS))
                LOG.warn("{} letters are left for the next start", AT_A_TIME - permits.availablePermits());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
