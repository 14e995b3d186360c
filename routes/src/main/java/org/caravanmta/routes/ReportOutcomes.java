package org.caravanmta.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.dsn.Reports;

/** Body: {@link AccountedAttempt} → the same, with the reports that it gives rise to. */
public final class ReportOutcomes implements Processor {

    private final Reports reports;

    public ReportOutcomes(Reports reports) {
        this.reports = reports;
    }

    @Override
    public void process(Exchange exchange) {
        AccountedAttempt accounted = (AccountedAttempt) exchange.getMessage().getBody();
        exchange.getMessage().setBody(accounted.with(reports.of(accounted.decided())));
    }
}
