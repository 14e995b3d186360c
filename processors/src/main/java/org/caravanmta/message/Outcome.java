package org.caravanmta.message;

import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Reply;

/** What one attempt meant for one recipient. Deferred is the only one that is not final. */
public sealed interface Outcome {

    Recipient recipient();

    /** The next hop took responsibility with {@code reply} (RFC 5321 §6.1). */
    record Delivered(Recipient recipient, Reply reply) implements Outcome {
    }

    /** Not now; tried again later. */
    record Deferred(Recipient recipient, Failure failure) implements Outcome {
    }

    /** Never; final. */
    record Bounced(Recipient recipient, Failure failure) implements Outcome {
    }

    /** {@code bounce-after} has passed; final. {@code lastFailure}: text of the last trouble, null when never tried. */
    record Expired(Recipient recipient, String lastFailure) implements Outcome {
    }

    /** The operator took it off the queue; final. */
    record Deleted(Recipient recipient) implements Outcome {
    }
}
