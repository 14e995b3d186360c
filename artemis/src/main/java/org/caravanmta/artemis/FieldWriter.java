package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes numbers and texts one after another; {@link FieldReader} reads them back in the same order. */
final class FieldWriter {

    private byte[] bytes;
    private int length;

    FieldWriter(int expectedBytes) {
        bytes = new byte[Math.max(16, expectedBytes)];
    }

    FieldWriter writeByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    FieldWriter writeInt(int value) {
        room(4);
        putInt(length, value);
        length += 4;
        return this;
    }

    FieldWriter writeLong(long value) {
        return writeInt((int) (value >>> 32)).writeInt((int) value);
    }

    /** Seven bits a byte, low ones first; small numbers take one byte. */
    FieldWriter writeCount(int value) {
        room(5);
        int v = value;
        while ((v & ~0x7f) != 0) {
            bytes[length++] = (byte) (v & 0x7f | 0x80);
            v >>>= 7;
        }
        bytes[length++] = (byte) v;
        return this;
    }

    /** UTF-8 behind its length plus one; null is 0. */
    FieldWriter writeText(String text) {
        if (text == null)
            return writeCount(0);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return writeCount(utf8.length + 1).write(utf8, 0, utf8.length);
    }

    FieldWriter write(byte[] array, int offset, int count) {
        room(count);
        System.arraycopy(array, offset, bytes, length, count);
        length += count;
        return this;
    }

    void overwriteInt(int position, int value) {
        putInt(position, value);
    }

    int length() {
        return length;
    }

    byte[] array() {
        return bytes;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void putInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private void room(int count) {
        if (length + count > bytes.length)
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
}
