package org.caravanmta.config;

import java.net.InetSocketAddress;
import java.util.Set;

/**
 * An address where clients of the broker hand mail in.
 *
 * @param address   port 0 means any free port
 * @param protocols what is spoken there; it is told apart by the first bytes of a connection
 * @param tls       from the first byte, with the certificate of {@code smtp-server-tls-certificate}
 */
public record BrokerListener(InetSocketAddress address, Set<Protocol> protocols, boolean tls) {

    /** {@code JMS}: the broker's own protocol, that of its JMS client. */
    public enum Protocol {
        JMS, AMQP, STOMP
    }

    @Override
    public String toString() {
        return new SmtpListener(address, null, tls).toString();
    }
}
