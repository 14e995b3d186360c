package org.caravanmta.gateway;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.Refusals;
import org.caravanmta.submission.intake.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands messages to a route, and waits. */
record RouteSubmission(ProducerTemplate producer, String route) implements Submission {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSubmission.class);

    @Override
    public Reply submit(SubmittedMessage message) {
        try {
            return producer.requestBody(route, message, Reply.class);
        } catch (CamelExecutionException e) {
            LOG.error("a message could not be submitted by {}", route, e);
            message.discard().run();
            return Refusals.NOT_TAKEN;
        }
    }
}
