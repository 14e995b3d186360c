package org.caravanmta.submission;

import java.util.List;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.SubmittedMessage;

/**
 * A submitted message and what is queued for it.
 *
 * @param parts at least one
 */
public record SplitMessage(SubmittedMessage message, List<QueuedMessage> parts) {
}
