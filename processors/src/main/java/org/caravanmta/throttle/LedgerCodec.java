package org.caravanmta.throttle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of the ledger: batches {@code mark, length, CRC-32C, records}. A batch counts as a whole or not at all. Of
 * one key the last record holds.
 */
final class LedgerCodec {

    static final int MARK = 0x7f4c494d;
    static final int HEAD = 12;

    private static final int WINDOW = 'w';
    private static final int GONE = 'g';
    private static final int END = 'e';
    private static final int UNKNOWN = 'u';

    /** What the records of a batch say. */
    interface Reader {

        void window(LimitKey key, UsedWindow used);

        void gone(LimitKey key);

        /** The gateway had stopped by then. */
        void end(long atMs);

        /** What was used before cannot be known. */
        void unknownBefore(long atMs);
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    void window(LimitKey key, UsedWindow used) throws IOException {
        out.writeByte(WINDOW);
        key(key);
        number(used.perMs());
        out.writeLong(used.takenAtMs());
        number(used.open());
        number(used.counts().length);
        for (int i = 0; i < used.counts().length; i++) {
            number(used.agesMs()[i]);
            number(used.counts()[i]);
        }
    }

    void gone(LimitKey key) throws IOException {
        out.writeByte(GONE);
        key(key);
    }

    void end(long atMs) throws IOException {
        out.writeByte(END);
        out.writeLong(atMs);
    }

    void unknownBefore(long atMs) throws IOException {
        out.writeByte(UNKNOWN);
        out.writeLong(atMs);
    }

    /** The batch of what was written so far. */
    ByteBuffer batch() {
        byte[] records = bytes.toByteArray();
        return ByteBuffer.allocate(HEAD + records.length).putInt(MARK).putInt(records.length)
                .putInt(crc(ByteBuffer.wrap(records))).put(records).flip();
    }

    private void key(LimitKey key) throws IOException {
        out.writeUTF(key.virtualMta());
        out.writeUTF(key.destination());
        out.writeUTF(key.source());
        out.writeUTF(key.directive());
    }

    /** Seven bits a byte, the lowest first. */
    private void number(long n) throws IOException {
        long left = n;
        for (; left > 127; left >>>= 7)
            out.writeByte((int) left & 127 | 128);
        out.writeByte((int) left);
    }

    /** The length of the whole batch at {@code at}; 0 when there is none. */
    static int lengthAt(ByteBuffer file, int at) {
        if (file.limit() - at < HEAD || file.getInt(at) != MARK)
            return 0;
        int length = file.getInt(at + 4);
        if (length < 0 || length > file.limit() - at - HEAD
                || file.getInt(at + 8) != crc(file.slice(at + HEAD, length)))
            return 0;
        return HEAD + length;
    }

    private static int crc(ByteBuffer records) {
        CRC32C crc = new CRC32C();
        crc.update(records);
        return (int) crc.getValue();
    }

    /** @throws IOException a record that no version of this codec wrote */
    static void read(byte[] file, int at, int length, Reader reader) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(file, at + HEAD, length - HEAD));
        for (int kind; (kind = in.read()) >= 0;)
            switch (kind) {
                case WINDOW -> reader.window(key(in), window(in));
                case GONE -> reader.gone(key(in));
                case END -> reader.end(in.readLong());
                case UNKNOWN -> reader.unknownBefore(in.readLong());
                default -> throw new IOException("a record of kind " + kind);
            }
    }

    private static LimitKey key(DataInputStream in) throws IOException {
        return new LimitKey(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    }

    private static UsedWindow window(DataInputStream in) throws IOException {
        long per = number(in);
        long takenAt = in.readLong();
        long open = number(in);
        int size = (int) number(in);
        if (size < 0 || size > in.available())
            throw new IOException("a window of " + size + " parts");
        long[] ages = new long[size];
        long[] counts = new long[size];
        for (int i = 0; i < size; i++) {
            ages[i] = number(in);
            counts[i] = number(in);
        }
        return new UsedWindow(per, takenAt, open, ages, counts);
    }

    private static long number(DataInputStream in) throws IOException {
        long n = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = in.readUnsignedByte();
            n |= (long) (b & 127) << shift;
            if (b < 128)
                return n;
        }
        throw new IOException("a number without end");
    }
}
