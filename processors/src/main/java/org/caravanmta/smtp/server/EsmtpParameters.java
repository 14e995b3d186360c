package org.caravanmta.smtp.server;

import java.nio.charset.StandardCharsets;

/** A cursor over {@code esmtp-param}s (RFC 5321 §4.1.2). */
final class EsmtpParameters {

    private final CommandLine line;
    private final byte[] a;
    private final int end;
    private final boolean utf8;
    private int keyword;
    private int keywordEnd;
    private int value;
    private int next;
    private boolean malformed;

    EsmtpParameters(CommandLine line, int from) {
        this(line, from, false);
    }

    /** @param utf8 whether values may hold bytes beyond ASCII */
    EsmtpParameters(CommandLine line, int from, boolean utf8) {
        this.utf8 = utf8;
        this.line = line;
        this.a = line.bytes();
        this.end = line.end();
        this.next = from;
    }

    /** False at the end, or at something that is no parameter: see {@link #malformed()}. */
    boolean next() {
        if (next >= end)
            return false;
        int p = next;
        while (p < end && a[p] == ' ')
            p++;
        keyword = p;
        while (p < end && (alphanumeric(a[p]) || a[p] == '-' && p > keyword))
            p++;
        keywordEnd = p;
        value = -1;
        if (p < end && a[p] == '=') {
            value = ++p;
            while (p < end && (a[p] > ' ' || utf8 && a[p] < 0) && a[p] != '=' && a[p] != 127)
                p++;
        }
        malformed = keyword == next || keywordEnd == keyword || value == p || p < end && a[p] != ' ';
        next = p;
        return !malformed;
    }

    boolean malformed() {
        return malformed;
    }

    boolean named(String upper) {
        return keywordEnd - keyword == upper.length() && line.has(keyword, upper);
    }

    boolean hasValue() {
        return value >= 0;
    }

    boolean valued(String upper) {
        return next - value == upper.length() && line.has(value, upper);
    }

    /** The value; null when there is none. */
    String value() {
        return value < 0 ? null : new String(a, value, next - value, StandardCharsets.UTF_8);
    }

    /** Up to 20 digits (RFC 1870 §4), what does not fit becomes the largest long; -1 when it is no number. */
    long number() {
        return value < 0 ? -1 : number(a, value, next);
    }

    static long number(byte[] a, int from, int to) {
        if (to <= from || to - from > 20)
            return -1;
        long n = 0;
        for (int i = from; i < to; i++) {
            int digit = a[i] - '0';
            if (digit < 0 || digit > 9)
                return -1;
            n = n > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : n * 10 + digit;
        }
        return n;
    }

    private static boolean alphanumeric(int b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
    }
}
