package org.caravanmta.dkim;

import java.security.MessageDigest;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;

/**
 * SHA-256 of a canonical body (RFC 6376 §3.4.3, §3.4.4), fed in parts of any length. One body, one thread.
 */
public final class BodyHash {

    private static final int BUFFER_BYTES = 8 << 10;

    private final MessageDigest digest = Digests.sha256();
    private final boolean relaxed;
    private final byte[] out = new byte[BUFFER_BYTES];
    private int length;
    private boolean any;
    private boolean cr;
    private boolean blank;
    private int lineEnds;

    public BodyHash(Canonicalization canonicalization) {
        this.relaxed = canonicalization == Canonicalization.RELAXED;
    }

    /** The next part of the body. */
    public void update(byte[] a, int from, int to) {
        int p = from;
        while (p < to) {
            byte b = a[p];
            if (!special(b) && !pending()) {
                p = copy(a, p, to);
                continue;
            }
            p++;
            if (cr) {
                cr = false;
                if (b == '\n') {
                    blank = false;
                    lineEnds++;
                    continue;
                }
                put((byte) '\r');
            }
            if (b == '\r')
                cr = true;
            else if (relaxed && (b == ' ' || b == '\t'))
                blank = true;
            else
                put(b);
        }
    }

    /** Copies what canonicalization leaves as it is. @return the position of the first byte that may be changed */
    private int copy(byte[] a, int from, int to) {
        int end = Math.min(to, from + BUFFER_BYTES - length);
        int p = from;
        int n = length;
        while (p < end && !special(a[p]))
            out[n++] = a[p++];
        any |= p > from;
        length = n;
        if (length == BUFFER_BYTES)
            flush();
        return p;
    }

    private boolean special(byte b) {
        return b == '\r' || relaxed && (b == ' ' || b == '\t');
    }

    private boolean pending() {
        return cr || blank || lineEnds > 0;
    }

    /** What was held back turns out to stand in front of something. */
    private void put(byte b) {
        for (; lineEnds > 0; lineEnds--) {
            append((byte) '\r');
            append((byte) '\n');
        }
        if (blank)
            append((byte) ' ');
        blank = false;
        append(b);
        any = true;
    }

    private void append(byte b) {
        if (length == BUFFER_BYTES)
            flush();
        out[length++] = b;
    }

    private void flush() {
        digest.update(out, 0, length);
        length = 0;
    }

    /** No more comes. */
    public byte[] finish() {
        if (cr)
            put((byte) '\r');
        if (any || !relaxed) {
            append((byte) '\r');
            append((byte) '\n');
        }
        flush();
        return digest.digest();
    }
}
