package org.caravanmta.config;

import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.IpAddress;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Port;

/**
 * One entry of {@code smtp-hosts}: {@code host[:port]}, {@code [ip][:port]}, {@code [IPv6:…][:port]}, {@code ip[:port]},
 * {@code lookup-mx:domain[:port]}. Without a port the next hop has port 0, meaning {@code default-smtp-port}; addresses
 * are kept without brackets.
 */
record NextHopGrammar() implements Grammar<NextHop> {

    private static final String LOOKUP_MX = "lookup-mx:";
    private static final HostName NAME = new HostName();

    @Override
    public String expected() {
        return "a next hop such as mx.example.com:25, [192.0.2.1]:25, [IPv6:2001:db8::1]:25 or lookup-mx:example.com";
    }

    @Override
    public NextHop parse(String text) throws Misunderstood {
        if (text.startsWith("["))
            return literal(text);
        boolean mx = text.startsWith(LOOKUP_MX);
        String rest = mx ? text.substring(LOOKUP_MX.length()) : text;
        int colon = rest.indexOf(':');
        if (colon != rest.lastIndexOf(':'))
            throw misunderstood("put an IPv6 address in brackets: [IPv6:2001:db8::1]:25");
        String host = colon < 0 ? rest : rest.substring(0, colon);
        int port = port(colon < 0 ? null : rest.substring(colon + 1));
        if (!mx && IpAddress.isV4(host))
            return new NextHop(host, port, false);
        try {
            return new NextHop(NAME.parse(host), port, mx);
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }

    private NextHop literal(String text) throws Misunderstood {
        int close = text.indexOf(']');
        String behind = text.substring(close + 1);
        if (close < 0 || !behind.isEmpty() && !behind.startsWith(":"))
            throw misunderstood("an address in brackets looks like [192.0.2.1]:25");
        String address = text.substring(1, close);
        if (address.regionMatches(true, 0, "IPv6:", 0, 5))
            address = address.substring(5);
        try {
            String host = new IpAddress().parse(address).getHostAddress();
            return new NextHop(host, port(behind.isEmpty() ? null : behind.substring(1)), false);
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }

    private int port(String text) throws Misunderstood {
        return text == null ? 0 : Port.parse(text, 1, expected());
    }
}
