package org.caravanmta.submission.intake;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;

/** The step that every way in shares. */
@FunctionalInterface
public interface Submission {

    /** Waits until the message is durable, or refused; it is discarded then. */
    Reply submit(SubmittedMessage message);
}
