package org.caravanmta.component;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.caravanmta.delivery.DeliveryAttempt;
import org.caravanmta.delivery.DeliveryEngine;

/**
 * One Exchange for each attempt. When the route fails, which only our own code can make it do, the message is parked
 * with the reason and its neighbours flow.
 */
final class DeliverConsumer extends DefaultConsumer {

    private final DeliveryEngine engine;

    DeliverConsumer(DeliverEndpoint endpoint, Processor processor, DeliveryEngine engine) {
        super(endpoint, processor);
        this.engine = engine;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        engine.start(this::begin);
    }

    private void begin(DeliveryAttempt attempt) {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(attempt);
        getAsyncProcessor().process(exchange, doneSync -> {
            Exception failure = exchange.getException();
            releaseExchange(exchange, false);
            if (failure != null)
                engine.park(attempt, failure.toString());
        });
    }
}
