package org.caravanmta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An address that takes SMTP.
 *
 * @param address port 0 means any free port
 * @param source  the named source whose directives hold for everybody who connects here; null when there is none
 */
public record SmtpListener(InetSocketAddress address, String source) {

    /** {@code 127.0.0.1:2525}, {@code [2001:db8::1]:2525}; the source is not told. */
    @Override
    public String toString() {
        return text(address.getAddress()) + ":" + address.getPort();
    }

    private static String text(InetAddress a) {
        return a.getHostAddress().contains(":") ? "[" + a.getHostAddress() + "]" : a.getHostAddress();
    }
}
