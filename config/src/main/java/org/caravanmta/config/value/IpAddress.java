package org.caravanmta.config.value;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** An IP address, written out. Never asks DNS. */
public record IpAddress() implements Grammar<InetAddress> {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    @Override
    public String expected() {
        return "an IP address";
    }

    @Override
    public InetAddress parse(String text) throws Misunderstood {
        if (V4.matcher(text).matches())
            return InetAddress.ofLiteral(text);
        if (text.contains("/"))
            throw misunderstood("one address, not a network: name each address in an entry of its own");
        if (text.contains("%"))
            throw misunderstood("an address without a zone");
        if (!text.contains(":"))
            throw misunderstood(text.equals("localhost") ? "names are not looked up here: write 127.0.0.1"
                    : "four numbers from 0 to 255 such as 192.0.2.1, or an IPv6 address such as 2001:db8::1");
        try {
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            throw misunderstood("an IPv6 address looks like 2001:db8::1");
        }
    }

    /** Whether the text is an IPv4 address. */
    public static boolean isV4(String text) {
        return V4.matcher(text).matches();
    }
}
