package org.caravanmta.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.delivery.AttemptResult;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.OutcomeDecision;

/** Body: {@link AttemptResult} → {@link DecidedAttempt}. */
final class DecideOutcome implements Processor {

    @Override
    public void process(Exchange exchange) {
        AttemptResult result = (AttemptResult) exchange.getMessage().getBody();
        exchange.getMessage().setBody(OutcomeDecision.decide(result));
    }
}
