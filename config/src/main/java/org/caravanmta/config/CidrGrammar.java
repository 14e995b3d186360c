package org.caravanmta.config;

import java.net.InetAddress;
import java.util.Arrays;

import org.caravanmta.config.value.Digits;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.IpAddress;
import org.caravanmta.config.value.Misunderstood;

/** A network: {@code 10.0.0.0/8}, short {@code 10/8} and {@code 0/0}, {@code 2001:db8::/32}, or one address. */
record CidrGrammar() implements Grammar<Cidr> {

    @Override
    public String expected() {
        return "a network or an IP address";
    }

    @Override
    public Cidr parse(String text) throws Misunderstood {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash), slash >= 0).getAddress();
        int bits = address.length * 8;
        if (slash < 0)
            return new Cidr(address, bits);
        String prefix = text.substring(slash + 1);
        long length = prefix.matches("[0-9]+") ? Digits.saturated(prefix) : -1;
        if (length < 0 || length > bits)
            throw misunderstood("behind the slash stands a number from 0 to " + bits);
        return new Cidr(address, (int) length);
    }

    /** Whether bits behind the prefix were written, as in {@code 10.1.2.3/8}. */
    boolean saysMoreThan(Cidr network, String text) throws Misunderstood {
        int slash = text.indexOf('/');
        return slash >= 0 && !Arrays.equals(network.network(), address(text.substring(0, slash), true).getAddress());
    }

    private InetAddress address(String text, boolean mayBeShort) throws Misunderstood {
        String full = text;
        if (mayBeShort && text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){0,2}"))
            full = text + ".0".repeat(3 - (int) text.chars().filter(c -> c == '.').count());
        try {
            return new IpAddress().parse(full);
        } catch (Misunderstood _) {
            throw misunderstood("such as 127.0.0.0/8, 10/8, 0/0, 192.0.2.7 or 2001:db8::/32");
        }
    }
}
