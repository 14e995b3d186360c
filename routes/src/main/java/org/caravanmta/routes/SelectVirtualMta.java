package org.caravanmta.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.submission.RoutedMessage;
import org.caravanmta.vmta.Selection;
import org.caravanmta.vmta.VirtualMtaSelector;

/** Body: {@link SubmittedMessage} → {@link RoutedMessage}. */
public final class SelectVirtualMta implements Processor {

    private final VirtualMtaSelector selector;

    public SelectVirtualMta(VirtualMtaSelector selector) {
        this.selector = selector;
    }

    @Override
    public void process(Exchange exchange) {
        SubmittedMessage message = (SubmittedMessage) exchange.getMessage().getBody();
        exchange.getMessage().setBody(new RoutedMessage(message, selector.select(message)));
    }

    /** Whether the message asks for a VirtualMTA that nobody configured, or that its source may not use. */
    Predicate refused() {
        return exchange -> ((RoutedMessage) exchange.getMessage().getBody())
                .selection() instanceof Selection.Refused;
    }
}
