package org.caravanmta.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.delivery.DeliveryEngine;

/**
 * Body: {@link AccountedAttempt}. The last step: message acknowledged, event stored, deferred recipients on their retry
 * slot, reports queued, all in one transaction.
 */
final class SettleAttempt implements Processor {

    private final DeliveryEngine engine;

    SettleAttempt(DeliveryEngine engine) {
        this.engine = engine;
    }

    @Override
    public void process(Exchange exchange) {
        AccountedAttempt accounted = (AccountedAttempt) exchange.getMessage().getBody();
        engine.settle(accounted.decided(), accounted.event(), accounted.reports());
    }
}
