package org.caravanmta.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.RoutedMessage;
import org.caravanmta.vmta.Selection;

/** Body: {@link RoutedMessage} → the {@link Reply} that names the VirtualMTA which cannot be had. */
final class RefuseVirtualMta implements Processor {

    @Override
    public void process(Exchange exchange) {
        RoutedMessage routed = (RoutedMessage) exchange.getMessage().getBody();
        routed.message().discard().run();
        exchange.getMessage().setBody(reply((Selection.Refused) routed.selection()));
    }

    private static Reply reply(Selection.Refused refused) {
        return switch (refused) {
            case Selection.Unknown(String name) ->
                Reply.of(550, "5.3.5", "VirtualMTA does not exist: " + printable(name));
            case Selection.NotAllowed(String name) ->
                Reply.of(550, "5.7.1", "VirtualMTA not allowed for this source: " + printable(name));
        };
    }

    /** The name came from a header: only printable ASCII goes back. */
    private static String printable(String name) {
        StringBuilder b = new StringBuilder(name.length());
        name.chars().forEach(c -> b.append(c > ' ' && c < 127 ? (char) c : '?'));
        return b.toString();
    }
}
