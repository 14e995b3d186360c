package org.caravanmta.routes;

import java.util.function.Supplier;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.submission.DestinationSplitter;
import org.caravanmta.submission.RoutedMessage;
import org.caravanmta.submission.SplitMessage;

/** Body: {@link RoutedMessage} → {@link SplitMessage}. */
public final class SplitByDestination implements Processor {

    private final Supplier<CaravanConfig> config;

    public SplitByDestination(Supplier<CaravanConfig> config) {
        this.config = config;
    }

    @Override
    public void process(Exchange exchange) {
        RoutedMessage routed = (RoutedMessage) exchange.getMessage().getBody();
        exchange.getMessage().setBody(new SplitMessage(routed.message(),
                DestinationSplitter.split(routed.message(), routed.selection(), config.get())));
    }
}
