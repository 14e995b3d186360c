package org.caravanmta.routes;

import org.apache.camel.builder.RouteBuilder;
import org.caravanmta.delivery.DeliveryEngine;

/** The way out: one Exchange for each attempt that may begin. */
public final class DeliveryRoutes extends RouteBuilder {

    private final DeliveryEngine engine;
    private final ClassifyFailures classify;
    private final AccountOutcomes accounting;
    private final ReportOutcomes reports;

    public DeliveryRoutes(DeliveryEngine engine, ClassifyFailures classify, AccountOutcomes accounting,
            ReportOutcomes reports) {
        this.engine = engine;
        this.classify = classify;
        this.accounting = accounting;
        this.reports = reports;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // the consumer parks a message on which our own code fails

        from("caravan:deliver").routeId("deliver.vmta")
                .process(new SendAttempt()).id("smtp.client")
                .process(new DecideOutcome()).id("outcome")
                .process(classify).id("classify")
                .process(accounting).id("accounting")
                .process(reports).id("dsn")
                .process(new SettleAttempt(engine)).id("settle");
    }
}
