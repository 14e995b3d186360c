package org.caravanmta.submission;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.vmta.Selection;

/** A submitted message and what was chosen for it. */
public record RoutedMessage(SubmittedMessage message, Selection selection) {
}
