package org.caravanmta.submission.intake;

import java.nio.charset.StandardCharsets;

import io.netty.util.NetUtil;

/**
 * Domain and address-literal of RFC 5321 §4.1.2: letters, digits and inner hyphens, in labels of at most 63. Nothing
 * else gets through, because domains become names of queues and keys of lookups.
 */
final class DomainSyntax {

    private static final int MAX_LABEL = 63;
    private static final int MAX_DOMAIN = 255;
    private static final String IPV6 = "IPv6:";

    private DomainSyntax() {
    }

    /** Where the domain that begins at {@code from} ends; -1 when there is none. */
    static int end(byte[] a, int from, int to) {
        int end = from < to && a[from] == '[' ? literalEnd(a, from + 1, to) : nameEnd(a, from, to);
        return end - from > MAX_DOMAIN ? -1 : end;
    }

    private static int nameEnd(byte[] a, int from, int to) {
        int p = from;
        while (true) {
            int label = p;
            while (p < to && (letterOrDigit(a[p]) || a[p] == '-' && p > label))
                p++;
            if (p == label || a[p - 1] == '-' || p - label > MAX_LABEL)
                return -1;
            if (p == to || a[p] != '.')
                return p;
            p++;
        }
    }

    private static boolean letterOrDigit(int b) {
        return b < 0 || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
    }

    private static int literalEnd(byte[] a, int from, int to) {
        int p = from;
        while (p < to && p - from < 64 && a[p] != ']')
            p++;
        if (p == to || a[p] != ']')
            return -1;
        String literal = new String(a, from, p - from, StandardCharsets.ISO_8859_1);
        boolean valid = literal.regionMatches(true, 0, IPV6, 0, IPV6.length()) ? ipv6(literal.substring(IPV6.length()))
                : NetUtil.isValidIpV4Address(literal);
        return valid ? p + 1 : -1;
    }

    private static boolean ipv6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.' || c > 127)
                return false;
        }
        return NetUtil.isValidIpV6Address(text);
    }
}
