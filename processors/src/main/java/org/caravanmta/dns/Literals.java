package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

import org.xbill.DNS.Address;

/** Address literals (RFC 5321 §4.1.3). */
final class Literals {

    private Literals() {
    }

    static boolean bracketed(String domain) {
        return domain.startsWith("[") && domain.endsWith("]");
    }

    /** {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}; null when it is neither. */
    static InetAddress parseBracketed(String literal) {
        String inner = literal.substring(1, literal.length() - 1);
        if (inner.toLowerCase(Locale.ROOT).startsWith("ipv6:"))
            return parse(inner.substring(5), Address.IPv6);
        return parse(inner, Address.IPv4);
    }

    /** An address without brackets, as operators write it; null when the text is none. */
    static InetAddress parsePlain(String text) {
        return parse(text, text.indexOf(':') < 0 ? Address.IPv4 : Address.IPv6);
    }

    private static InetAddress parse(String text, int family) {
        byte[] bytes = Address.toByteArray(text, family);
        if (bytes == null)
            return null;
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
