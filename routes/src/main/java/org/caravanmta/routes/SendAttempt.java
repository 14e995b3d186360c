package org.caravanmta.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.caravanmta.delivery.AttemptResult;
import org.caravanmta.delivery.DeliveryAttempt;

/** Body: {@link DeliveryAttempt} → {@link AttemptResult}. Asynchronous: goes on from the connection's event loop. */
final class SendAttempt extends AsyncProcessorSupport {

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        DeliveryAttempt attempt = (DeliveryAttempt) exchange.getMessage().getBody();
        if (attempt.line() == null) {
            exchange.getMessage().setBody(new AttemptResult(attempt, null));
            callback.done(true);
            return true;
        }
        if (attempt.message().unsigned())
            throw new IllegalStateException("mail that has to be signed is not"); // parked: it never leaves like this
        attempt.line().send(attempt.message(), transaction -> {
            exchange.getMessage().setBody(new AttemptResult(attempt, transaction));
            callback.done(false);
        });
        return false;
    }
}
