package org.caravanmta.submission.intake;

/** Local-part of RFC 5321 §4.1.2: Dot-string or Quoted-string; bytes of UTF-8 count as letters. */
final class LocalPartSyntax {

    private static final boolean[] ATEXT = new boolean[128];

    static {
        for (char c = 'a'; c <= 'z'; c++)
            ATEXT[c] = ATEXT[c - 32] = true;
        for (char c : "0123456789!#$%&'*+-/=?^_`{|}~".toCharArray())
            ATEXT[c] = true;
    }

    private LocalPartSyntax() {
    }

    /** Where the local part that begins at {@code from} ends; -1 when there is none. */
    static int end(byte[] a, int from, int to) {
        if (from < to && a[from] == '"')
            return quotedEnd(a, from + 1, to);
        int p = from;
        while (p < to) {
            int atom = p;
            while (p < to && (a[p] < 0 || ATEXT[a[p]]))
                p++;
            if (p == atom)
                return -1;
            if (p == to || a[p] != '.')
                return p;
            p++;
        }
        return -1;
    }

    private static int quotedEnd(byte[] a, int from, int to) {
        for (int p = from; p < to; p++) {
            int b = a[p];
            if (b == '"')
                return p + 1;
            if (b == '\\' && ++p < to)
                b = a[p];
            else if (b == '\\')
                return -1;
            if (b >= 0 && b < ' ' || b == 127)
                return -1;
        }
        return -1;
    }
}
