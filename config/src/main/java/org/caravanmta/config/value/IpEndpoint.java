package org.caravanmta.config.value;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * {@code IP:PORT}, {@code [IPv6]:PORT}; {@code 0/0:PORT} means every IPv4 address of the machine.
 *
 * @param defaultPort used when none is written; -1 when one must be
 * @param lowestPort  0 where "any free port" makes sense, else 1
 */
public record IpEndpoint(int defaultPort, int lowestPort) implements Grammar<InetSocketAddress> {

    private static final IpAddress ADDRESS = new IpAddress();

    @Override
    public String expected() {
        return defaultPort < 0 ? "IP:PORT, such as 127.0.0.1:2525" : "IP or IP:PORT, such as 192.0.2.53";
    }

    @Override
    public InetSocketAddress parse(String text) throws Misunderstood {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0)
                throw misunderstood("the closing bracket is missing: [2001:db8::1]:2525");
            String behind = text.substring(close + 1);
            if (!behind.isEmpty() && !behind.startsWith(":"))
                throw misunderstood("behind ] stands :PORT or nothing");
            return of(text.substring(1, close), behind.isEmpty() ? null : behind.substring(1));
        }
        int colon = text.lastIndexOf(':');
        if (colon >= 0 && text.indexOf(':') != colon) {
            if (defaultPort < 0)
                throw misunderstood("put an IPv6 address in brackets: [2001:db8::1]:2525");
            return of(text, null);
        }
        return colon < 0 ? of(text, null) : of(text.substring(0, colon), text.substring(colon + 1));
    }

    private InetSocketAddress of(String host, String port) throws Misunderstood {
        String literal = host.equals("0/0") || host.equals("0.0.0.0/0") ? "0.0.0.0" : host.equals("::/0") ? "::" : host;
        InetAddress address;
        try {
            address = ADDRESS.parse(literal);
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
        if (port == null && defaultPort < 0)
            throw misunderstood("the port is missing: " + text(host) + ":2525");
        return new InetSocketAddress(address, port == null ? defaultPort : Port.parse(port, lowestPort, expected()));
    }

    private static String text(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
