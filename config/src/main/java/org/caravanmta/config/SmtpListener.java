package org.caravanmta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An address that takes SMTP.
 *
 * @param address port 0 means any free port
 * @param source  the named source whose directives hold for everybody who connects here; null when there is none
 * @param immediateTls TLS from the first byte (RFC 8314), not by STARTTLS
 */
public record SmtpListener(InetSocketAddress address, String source, boolean immediateTls) {

    /** {@code 127.0.0.1:2525}, {@code [2001:db8::1]:2525}; nothing else is told. */
    @Override
    public String toString() {
        return text(address.getAddress()) + ":" + address.getPort();
    }

    private static String text(InetAddress a) {
        return a.getHostAddress().contains(":") ? "[" + a.getHostAddress() + "]" : a.getHostAddress();
    }
}
