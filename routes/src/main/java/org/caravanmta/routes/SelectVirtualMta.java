package org.caravanmta.routes;

import java.util.function.Supplier;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.submission.RoutedMessage;
import org.caravanmta.vmta.VirtualMtaSelector;
import org.caravanmta.vmta.VirtualMtaSelector.Selection;

/** Body: {@link SubmittedMessage} → {@link RoutedMessage}. */
public final class SelectVirtualMta implements Processor {

    private final Supplier<CaravanConfig> config;

    public SelectVirtualMta(Supplier<CaravanConfig> config) {
        this.config = config;
    }

    @Override
    public void process(Exchange exchange) {
        SubmittedMessage message = (SubmittedMessage) exchange.getMessage().getBody();
        exchange.getMessage().setBody(new RoutedMessage(message, VirtualMtaSelector.select(message, config.get())));
    }

    /** Whether the message asks for a VirtualMTA that nobody configured. */
    Predicate unknown() {
        return exchange -> ((RoutedMessage) exchange.getMessage().getBody())
                .virtualMta() instanceof Selection.Unknown;
    }
}
