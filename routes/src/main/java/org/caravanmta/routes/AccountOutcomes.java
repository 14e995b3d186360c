package org.caravanmta.routes;

import java.util.function.LongSupplier;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.accounting.AccountingCodec;
import org.caravanmta.accounting.AttemptRecords;
import org.caravanmta.delivery.DecidedAttempt;

/** Body: {@link DecidedAttempt} → {@link AccountedAttempt}. */
public final class AccountOutcomes implements Processor {

    private final LongSupplier clockMs;

    public AccountOutcomes(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    @Override
    public void process(Exchange exchange) {
        DecidedAttempt decided = (DecidedAttempt) exchange.getMessage().getBody();
        byte[] event = decided.again() ? null
                : AccountingCodec.encode(AttemptRecords.of(decided, clockMs.getAsLong()));
        exchange.getMessage().setBody(new AccountedAttempt(decided, event));
    }
}
