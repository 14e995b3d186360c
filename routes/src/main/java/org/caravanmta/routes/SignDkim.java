package org.caravanmta.routes;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.support.AsyncProcessorSupport;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.dkim.CannotSignException;
import org.caravanmta.dkim.PartSigner;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.SplitMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Body: {@link SplitMessage} → the same, signed; or the {@link Reply} that refuses what its header asks for in vain. What
 * has to be signed and cannot be is queued as such, and waits: it never leaves unsigned. Signing goes on in its own
 * threads, so that the event loops answer other clients meanwhile; what is not signed, or quickly, passes through in the
 * calling thread (docs/adr/0009).
 */
public final class SignDkim extends AsyncProcessorSupport {

    private static final Logger LOG = LoggerFactory.getLogger(SignDkim.class);
    private static final long ALARM_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Reply NOT_SIGNED = Reply.of(451, "4.7.0", "Message could not be signed, try again later");

    private final PartSigner signer;
    private final Supplier<CaravanConfig> config;
    private final Executor workers;
    private final AtomicLong nextAlarm = new AtomicLong(System.nanoTime());
    private final LongAdder silent = new LongAdder();

    /** @param workers run one task for each message to be signed */
    public SignDkim(PartSigner signer, Supplier<CaravanConfig> config, Executor workers) {
        this.signer = signer;
        this.config = config;
        this.workers = workers;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        SplitMessage split = (SplitMessage) exchange.getMessage().getBody();
        CaravanConfig snapshot = config.get();
        if (!PartSigner.wanted(split, snapshot)) {
            callback.done(true);
            return true;
        }
        if (signer.quick(split, snapshot)) {
            exchange.getMessage().setBody(signed(split, snapshot));
            callback.done(true);
            return true;
        }
        try {
            workers.execute(() -> {
                exchange.getMessage().setBody(signed(split, snapshot));
                callback.done(false);
            });
            return false;
        } catch (RejectedExecutionException _) { // stopping
            exchange.getMessage().setBody(refused(split));
            callback.done(true);
            return true;
        }
    }

    private Object signed(SplitMessage split, CaravanConfig snapshot) {
        try {
            SplitMessage signed = signer.sign(split, snapshot);
            for (QueuedMessage part : signed.parts())
                if (part.unsigned())
                    alarm(part.lastFailure(), null);
            return signed;
        } catch (CannotSignException e) {
            if (e.wish()) {
                split.message().discard().run();
                return Reply.of(550, "5.7.0", e.getMessage());
            }
            LOG.debug("mail asks for a key that is not there: {}", e.getMessage(), e.getCause());
            return refused(split);
        } catch (RuntimeException e) {
            alarm("signing failed, its sender keeps it", e);
            return refused(split);
        }
    }

    /** At most one line in a while, with the number of those that were left out. */
    private void alarm(String reason, Throwable cause) {
        long now = System.nanoTime();
        long next = nextAlarm.get();
        if (now - next < 0 || !nextAlarm.compareAndSet(next, now + ALARM_EVERY_NANOS)) {
            silent.increment();
            return;
        }
        LOG.error("ALARM: mail waits: {} ({} more since the last alarm)",
                reason, silent.sumThenReset(), cause);
    }

    /**
     * Tries again to sign what waits for its key.
     *
     * @return the message as it may leave, or as it has to wait on
     */
    public QueuedMessage again(QueuedMessage waiting) {
        QueuedMessage now;
        try {
            now = signer.again(waiting, config.get(), System.currentTimeMillis());
        } catch (RuntimeException e) {
            LOG.error("while signing", e);
            now = waiting.waitingForSignature("cannot be signed: " + e);
        }
        if (now.unsigned())
            alarm(now.lastFailure(), null);
        return now;
    }

    private static Reply refused(SplitMessage split) {
        split.message().discard().run();
        return NOT_SIGNED;
    }

    /** Whether the message may go on its way. */
    Predicate passed() {
        return exchange -> exchange.getMessage().getBody() instanceof SplitMessage;
    }
}
