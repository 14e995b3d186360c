package org.caravanmta.routes;

import org.apache.camel.builder.RouteBuilder;

/** The way in by files: each message of a file that was taken from a pickup directory. */
public final class PickupRoute extends RouteBuilder {

    /** Body: SubmittedMessage → Reply. */
    public static final String PICKUP = "direct:pickup";

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // an exception leaves the file where it is, for another try

        from(PICKUP).routeId("submission.pickup").to(SubmissionRoutes.SUBMISSION).id("submit.pickup");
    }
}
