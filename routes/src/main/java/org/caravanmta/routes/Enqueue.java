package org.caravanmta.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.caravanmta.accounting.AccountingCodec;
import org.caravanmta.accounting.AttemptRecords;
import org.caravanmta.accounting.WantedRecords;
import org.caravanmta.delivery.DeliveryEngine;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.queue.AlreadyStoredException;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.queue.StoreFullException;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.SplitMessage;
import org.caravanmta.submission.intake.Refusals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Body: {@link SplitMessage} → {@link Reply}. Says 250 only once the message is on stable storage; asynchronous: the
 * Exchange goes on from a broker thread.
 */
public final class Enqueue extends AsyncProcessorSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Enqueue.class);
    private static final Reply QUEUED = Reply.of(250, "2.6.0", "message received");
    private static final Reply NOT_STORED = Reply.of(451, "4.3.0", "Message could not be stored, try again later");

    private final MessageStore store;
    private final DeliveryEngine delivery;
    private final SubmissionCounters counters;
    private final Supplier<WantedRecords> wanted;

    public Enqueue(MessageStore store, DeliveryEngine delivery, SubmissionCounters counters,
            Supplier<WantedRecords> wanted) {
        this.wanted = wanted;
        this.store = store;
        this.delivery = delivery;
        this.counters = counters;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        SplitMessage split = (SplitMessage) exchange.getMessage().getBody();
        SubmittedMessage message = split.message();
        List<Placement> placements = new ArrayList<>(1);
        try {
            for (QueuedMessage q : split.parts()) {
                placements.add(new Placement(QueueNames.virtualMta(q.virtualMta()), q));
                delivery.announce(q);
            }
            store.enqueue(placements, receipts(split), message.submissionId(), failure -> {
                exchange.getMessage().setBody(reply(message, placements, failure));
                callback.done(false);
            });
            return false;
        } catch (RuntimeException e) {
            exchange.getMessage().setBody(reply(message, placements, e));
            callback.done(true);
            return true;
        }
    }

    private List<byte[]> receipts(SplitMessage split) {
        WantedRecords w = wanted.get();
        return w.receipts() ? List.of(AccountingCodec.encode(AttemptRecords.received(split.message(), split.parts(),
                split.message().receivedAtMs(), w.headersOf(split.message().content())))) : List.of();
    }

    private Reply reply(SubmittedMessage message, List<Placement> placements, Exception failure) {
        message.discard().run();
        if (failure == null) {
            counters.accepted(message.recipients().size());
            return QUEUED;
        }
        placements.forEach(p -> delivery.withdraw(p.message()));
        if (failure instanceof AlreadyStoredException)
            return QUEUED;
        if (failure instanceof StoreFullException)
            return Refusals.NO_STORAGE;
        LOG.error("a message could not be stored", failure);
        return NOT_STORED;
    }
}
