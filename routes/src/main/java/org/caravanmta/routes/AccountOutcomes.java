package org.caravanmta.routes;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.accounting.AccountingCodec;
import org.caravanmta.accounting.AttemptRecords;
import org.caravanmta.accounting.WantedRecords;
import org.caravanmta.delivery.DecidedAttempt;

/** Body: {@link ClassifiedAttempt} → {@link AccountedAttempt}. */
public final class AccountOutcomes implements Processor {

    private final LongSupplier clockMs;
    private final Supplier<WantedRecords> wanted;

    public AccountOutcomes(LongSupplier clockMs, Supplier<WantedRecords> wanted) {
        this.clockMs = clockMs;
        this.wanted = wanted;
    }

    @Override
    public void process(Exchange exchange) {
        ClassifiedAttempt classified = (ClassifiedAttempt) exchange.getMessage().getBody();
        DecidedAttempt decided = classified.decided();
        byte[] event = decided.again() ? null
                : AccountingCodec.encode(AttemptRecords.of(decided, classified.categories(), clockMs.getAsLong(),
                        wanted.get().headersOf(decided.result().attempt().message().content())));
        exchange.getMessage().setBody(new AccountedAttempt(decided, event));
    }
}
