package org.caravanmta.submission.intake;

import java.nio.charset.StandardCharsets;

/**
 * A Path of RFC 5321 §4.1.2, strictly: {@code <local@domain>}, {@code <>} or {@code <postmaster>}; a source route in
 * front is checked and dropped. UTF-8 as in RFC 6531 §3.3; whether it was allowed is for the caller to decide.
 *
 * @param address   without angle brackets and source route, else as written; null means {@code <>}
 * @param end       behind the closing bracket
 * @param ascii     false when SMTPUTF8 is needed
 * @param localOnly {@code postmaster} without a domain
 */
public record AddressPath(String address, int end, boolean ascii, boolean localOnly) {

    private static final int MAX_PATH = 256;
    private static final int MAX_LOCAL_PART = 64;

    /** @return null when {@code [from, to)} does not begin with a path that is followed by a blank or the end */
    public static AddressPath parse(byte[] a, int from, int to) {
        if (to - from < 2 || a[from] != '<')
            return null;
        int begin = from + 1;
        if (a[begin] == '>')
            return checked(new AddressPath(null, begin + 1, true, false), a, from, to);
        if (a[begin] == '@')
            begin = behindRoute(a, begin, to);
        int at = begin < 0 ? -1 : LocalPartSyntax.end(a, begin, to);
        if (at < 0 || at >= to || at - begin > MAX_LOCAL_PART)
            return null;
        if (a[at] == '>')
            return postmaster(a, begin, at)
                    ? checked(new AddressPath(text(a, begin, at), at + 1, true, true), a, from, to)
                    : null;
        int end = a[at] == '@' ? DomainSyntax.end(a, at + 1, to) : -1;
        if (end < 0 || end >= to || a[end] != '>')
            return null;
        boolean ascii = ascii(a, begin, end);
        if (!ascii && !(Utf8Syntax.localPart(a, begin, at) && Utf8Syntax.domain(a, at + 1, end)))
            return null;
        return checked(new AddressPath(text(a, begin, end), end + 1, ascii, false), a, from, to);
    }

    private static AddressPath checked(AddressPath path, byte[] a, int from, int to) {
        boolean ends = path.end == to || a[path.end] == ' ';
        return ends && path.end - from <= MAX_PATH ? path : null;
    }

    /** {@code @one,@two:} – RFC 5321 §4.1.1.3 wants it accepted and ignored. */
    private static int behindRoute(byte[] a, int from, int to) {
        int p = from;
        while (p < to && a[p] == '@') {
            p = DomainSyntax.end(a, p + 1, to);
            if (p < 0 || p >= to)
                return -1;
            if (a[p] == ':')
                return p + 1;
            if (a[p++] != ',')
                return -1;
        }
        return -1;
    }

    private static boolean postmaster(byte[] a, int from, int to) {
        return "postmaster".equalsIgnoreCase(text(a, from, to));
    }

    private static boolean ascii(byte[] a, int from, int to) {
        for (int i = from; i < to; i++)
            if (a[i] < 0)
                return false;
        return true;
    }

    private static String text(byte[] a, int from, int to) {
        return new String(a, from, to - from, StandardCharsets.UTF_8);
    }
}
