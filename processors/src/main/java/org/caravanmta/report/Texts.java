package org.caravanmta.report;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes texts of bytes, and the same text of the same bytes where they come again soon. One thread. */
final class Texts {

    private static final int SLOTS = 1 << 13;
    private static final int LONGEST = 48;

    private final byte[][] keys = new byte[SLOTS][];
    private final String[] texts = new String[SLOTS];

    String of(byte[] b, int from, int to) {
        int length = to - from;
        if (length == 0)
            return "";
        if (length > LONGEST)
            return new String(b, from, length, StandardCharsets.UTF_8);
        int hash = 0;
        for (int i = from; i < to; i++)
            hash = hash * 31 + b[i];
        int slot = (hash ^ hash >>> 13) & SLOTS - 1;
        byte[] key = keys[slot];
        if (key != null && Arrays.equals(key, 0, key.length, b, from, to))
            return texts[slot];
        keys[slot] = Arrays.copyOfRange(b, from, to);
        return texts[slot] = new String(b, from, length, StandardCharsets.UTF_8);
    }
}
