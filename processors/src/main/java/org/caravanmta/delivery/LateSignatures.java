package org.caravanmta.delivery;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail that had to be signed and could not be: each time that its queue would send it, it is signed instead and queued
 * again; or it goes back to a retry slot with the reason, until its time is over. Never begins an attempt. Any thread.
 */
final class LateSignatures {

    private static final Logger LOG = LoggerFactory.getLogger(LateSignatures.class);

    private final DeliveryEngine engine;
    private final RetrySlots slots;
    private volatile UnaryOperator<QueuedMessage> signer = waiting -> waiting;
    private volatile Executor workers = Runnable::run;

    LateSignatures(DeliveryEngine engine, RetrySlots slots) {
        this.engine = engine;
        this.slots = slots;
    }

    void by(UnaryOperator<QueuedMessage> who, Executor where) {
        signer = who;
        workers = where;
    }

    /** @param done called once it has been given back to the store */
    void sign(StoredMessage stored, Runnable done) {
        try {
            workers.execute(() -> {
                try {
                    settle(stored, signer.apply(stored.message()));
                } catch (RuntimeException e) {
                    LOG.error("a message that waits for its signature stays where it is until the next start", e);
                } finally {
                    done.run();
                }
            });
        } catch (RejectedExecutionException _) { // stopping: it is offered again after the next start
            done.run();
        }
    }

    private void settle(StoredMessage stored, QueuedMessage now) {
        if (!now.unsigned()) {
            engine.requeue(stored, now);
            return;
        }
        DomainSettings settings = engine.config().settings(now.virtualMta(), now.destination());
        if (settings.expired(now.queuedAtMs(), engine.nowMs()))
            engine.expire(stored);
        else
            engine.store().settle(stored, List.of(slots.placement(now, settings.retryAfter().getFirst(),
                    settings.bounceAfter())), List.of());
    }
}
