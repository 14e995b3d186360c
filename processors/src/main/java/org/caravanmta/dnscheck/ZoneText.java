package org.caravanmta.dnscheck;

import java.net.InetAddress;

import org.xbill.DNS.ReverseMap;

/** Records as they stand in a zone file (RFC 1035 §5.1). */
final class ZoneText {

    private static final int STRING_BYTES = 255;

    private ZoneText() {
    }

    /** Where the PTR record of an address stands, without a dot at the end. */
    static String reverseName(InetAddress ip) {
        return ReverseMap.fromAddress(ip).toString(true);
    }

    static String ptr(InetAddress ip, String host) {
        return reverseName(ip) + ". IN PTR " + host + ".";
    }

    static String address(String host, InetAddress ip) {
        return host + ". IN " + (ip.getAddress().length == 4 ? "A " : "AAAA ") + ip.getHostAddress();
    }

    static String txt(String name, String text) {
        StringBuilder b = new StringBuilder(name).append(". IN TXT");
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        for (int i = 0; i < escaped.length(); i += STRING_BYTES)
            b.append(" \"").append(escaped, i, Math.min(escaped.length(), i + STRING_BYTES)).append('"');
        return b.toString();
    }
}
