package org.caravanmta.dkim;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;

/** A header field in canonical form (RFC 6376 §3.4.1, §3.4.2). */
final class CanonicalField {

    private CanonicalField() {
    }

    /**
     * @param nameEnd behind the field's name
     * @param end     behind the field, its last line end included when it has one; the canonical form has one too then
     */
    static void append(Canonicalization canonicalization, byte[] a, int start, int nameEnd, int end, ByteText to) {
        if (canonicalization == Canonicalization.SIMPLE)
            to.add(a, start, end);
        else
            relaxed(a, start, nameEnd, end, to);
    }

    private static void relaxed(byte[] a, int start, int nameEnd, int end, ByteText to) {
        for (int i = start; i < nameEnd; i++)
            to.add(a[i] >= 'A' && a[i] <= 'Z' ? (byte) (a[i] + 32) : a[i]);
        to.add((byte) ':');
        int p = nameEnd;
        while (p < end && a[p] != ':')
            p++;
        boolean blank = false;
        boolean begun = false;
        for (int i = p + 1; i < end; i++) {
            if (lineEnd(a, i, end)) {
                i++;
            } else if (a[i] == ' ' || a[i] == '\t') {
                blank = true;
            } else {
                if (blank && begun)
                    to.add((byte) ' ');
                blank = false;
                begun = true;
                to.add(a[i]);
            }
        }
        if (end - start > 1 && lineEnd(a, end - 2, end))
            to.add((byte) '\r').add((byte) '\n');
    }

    private static boolean lineEnd(byte[] a, int at, int end) {
        return a[at] == '\r' && at + 1 < end && a[at + 1] == '\n';
    }
}
