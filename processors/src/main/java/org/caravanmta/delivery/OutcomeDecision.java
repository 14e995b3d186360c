package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.caravanmta.bounce.FailurePolicy;
import org.caravanmta.bounce.FailurePolicy.MessageVerdict;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.client.TransactionResult;

/** From what an attempt met to one outcome per recipient; the meaning itself comes from {@link FailurePolicy}. */
public final class OutcomeDecision {

    private OutcomeDecision() {
    }

    public static DecidedAttempt decide(AttemptResult result) {
        DeliveryAttempt attempt = result.attempt();
        QueuedMessage message = attempt.message();
        if (attempt.ending() != null)
            return all(result, message, r -> switch (attempt.ending()) {
                case EXPIRED, OVERDUE -> new Outcome.Expired(r, message.lastFailure());
                case DELETED -> new Outcome.Deleted(r);
            });
        if (result.transaction() == null)
            return withoutConnection(result);
        TransactionResult t = result.transaction();
        if (t.message() != null && FailurePolicy.message(t.message(), attempt.line().reused()) == MessageVerdict.AGAIN)
            return new DecidedAttempt(result, List.of());
        List<Outcome> outcomes = new ArrayList<>(message.recipients().size());
        for (int i = 0; i < message.recipients().size(); i++)
            outcomes.add(outcome(message.recipients().get(i), t, t.recipients().get(i)));
        return new DecidedAttempt(result, outcomes);
    }

    private static Outcome outcome(Recipient recipient, TransactionResult t, Failure own) {
        Failure failure = own != null ? own : t.message();
        if (failure == null)
            return new Outcome.Delivered(recipient, t.accepted());
        return FailurePolicy.message(failure, false) == MessageVerdict.BOUNCE ? new Outcome.Bounced(recipient, failure)
                : new Outcome.Deferred(recipient, failure);
    }

    private static DecidedAttempt withoutConnection(AttemptResult result) {
        DeliveryAttempt attempt = result.attempt();
        Failure f = attempt.failure();
        boolean bounce = FailurePolicy.connection(f, false, attempt.settings()) == FailurePolicy.ConnectVerdict.BOUNCE;
        return all(result, attempt.message(),
                r -> bounce ? new Outcome.Bounced(r, f) : new Outcome.Deferred(r, f));
    }

    private static DecidedAttempt all(AttemptResult result, QueuedMessage message,
            Function<Recipient, Outcome> outcome) {
        return new DecidedAttempt(result, message.recipients().stream().map(outcome).toList());
    }
}
