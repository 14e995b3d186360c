package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link FieldWriter} wrote, from a part of an array. Every damage (too short, a length that leads outside)
 * is an {@link IllegalArgumentException}, never wrong data beyond the part.
 */
final class FieldReader {

    private final byte[] bytes;
    private final int end;
    private int position;

    FieldReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    int readByte() {
        need(1);
        return bytes[position++] & 0xff;
    }

    int readInt() {
        need(4);
        int v = (bytes[position] & 0xff) << 24 | (bytes[position + 1] & 0xff) << 16
                | (bytes[position + 2] & 0xff) << 8 | bytes[position + 3] & 0xff;
        position += 4;
        return v;
    }

    long readLong() {
        return (long) readInt() << 32 | readInt() & 0xffffffffL;
    }

    int readCount() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = readByte();
            value |= (b & 0x7f) << shift;
            if (b < 0x80) {
                if (value < 0)
                    throw new IllegalArgumentException("count out of range");
                return value;
            }
        }
        throw new IllegalArgumentException("count too long");
    }

    String readText() {
        int n = readCount();
        if (n == 0)
            return null;
        need(n - 1);
        String text = new String(bytes, position, n - 1, StandardCharsets.UTF_8);
        position += n - 1;
        return text;
    }

    byte[] readBytes(int count) {
        need(count);
        byte[] copy = new byte[count];
        System.arraycopy(bytes, position, copy, 0, count);
        position += count;
        return copy;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    private void need(int count) {
        if (count < 0 || count > end - position)
            throw new IllegalArgumentException("ends too early: " + count + " bytes wanted, " + (end - position)
                    + " left");
    }
}
