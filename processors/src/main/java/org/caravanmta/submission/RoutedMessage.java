package org.caravanmta.submission;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.vmta.VirtualMtaSelector.Selection;

/** A submitted message and the VirtualMTA that was chosen for it. */
public record RoutedMessage(SubmittedMessage message, Selection virtualMta) {
}
