package org.caravanmta.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.RoutedMessage;

/** Body: {@link RoutedMessage} → the {@link Reply} that names the unknown VirtualMTA. */
final class RefuseUnknownVirtualMta implements Processor {

    @Override
    public void process(Exchange exchange) {
        RoutedMessage routed = (RoutedMessage) exchange.getMessage().getBody();
        routed.message().discard().run();
        exchange.getMessage().setBody(
                Reply.of(550, "5.3.5", "VirtualMTA does not exist: " + printable(routed.virtualMta().name())));
    }

    /** The name came from a header: only printable ASCII goes back. */
    private static String printable(String name) {
        StringBuilder b = new StringBuilder(name.length());
        name.chars().forEach(c -> b.append(c > ' ' && c < 127 ? (char) c : '?'));
        return b.toString();
    }
}
