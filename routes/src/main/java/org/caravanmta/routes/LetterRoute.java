package org.caravanmta.routes;

import org.apache.camel.builder.RouteBuilder;

/** The way in by messages of the broker's clients: the mail of each letter, JMS, AMQP or STOMP. */
public final class LetterRoute extends RouteBuilder {

    /** Body: SubmittedMessage → Reply. */
    public static final String LETTER = "direct:letter";

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // an exception leaves the letter on its queue, for another try

        from(LETTER).routeId("submission.letter").to(SubmissionRoutes.SUBMISSION).id("submit.letter");
    }
}
