package org.caravanmta.dkim;

import java.util.Arrays;

/** Bytes that are put together. Not thread-safe. */
final class ByteText {

    private byte[] bytes;
    private int length;

    ByteText(int capacity) {
        bytes = new byte[capacity];
    }

    ByteText add(byte b) {
        if (length == bytes.length)
            grow(1);
        bytes[length++] = b;
        return this;
    }

    ByteText add(byte[] a, int from, int to) {
        if (to - from > bytes.length - length)
            grow(to - from);
        System.arraycopy(a, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    private void grow(int by) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + by));
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }
}
