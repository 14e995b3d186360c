package org.caravanmta.routes;

import java.util.function.LongSupplier;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.accounting.AccountingCodec;
import org.caravanmta.accounting.AttemptRecords;
import org.caravanmta.delivery.DecidedAttempt;

/** Body: {@link ClassifiedAttempt} → {@link AccountedAttempt}. */
public final class AccountOutcomes implements Processor {

    private final LongSupplier clockMs;

    public AccountOutcomes(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    @Override
    public void process(Exchange exchange) {
        ClassifiedAttempt classified = (ClassifiedAttempt) exchange.getMessage().getBody();
        DecidedAttempt decided = classified.decided();
        byte[] event = decided.again() ? null
                : AccountingCodec.encode(AttemptRecords.of(decided, classified.categories(), clockMs.getAsLong()));
        exchange.getMessage().setBody(new AccountedAttempt(decided, event));
    }
}
