package org.caravanmta.accounting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Records as event bytes, and back: version, number of records, then each record's fields in their order; a text is its
 * length in bytes (−1: null) and its UTF-8.
 */
public final class AccountingCodec {

    private static final byte VERSION = 1;

    private AccountingCodec() {
    }

    public static byte[] encode(List<AccountingRecord> records) {
        ByteWriter w = new ByteWriter(records.size() * 400 + 8);
        w.putByte(VERSION);
        w.putInt(records.size());
        for (AccountingRecord r : records) {
            w.putByte((byte) r.type());
            w.putLong(r.timeLoggedMs());
            w.putLong(r.timeQueuedMs());
            w.putText(r.orig());
            w.putText(r.rcpt());
            w.putText(r.orcpt());
            w.putText(r.dsnAction());
            w.putText(r.dsnStatus());
            w.putText(r.dsnDiag());
            w.putText(r.dsnMta());
            w.putText(r.bounceCat());
            w.putText(r.srcType());
            w.putText(r.srcMta());
            w.putText(r.dlvType());
            w.putText(r.dlvSourceIp());
            w.putText(r.dlvDestinationIp());
            w.putText(r.dlvEsmtpAvailable());
            w.putLong(r.dlvSize());
            w.putText(r.vmta());
            w.putText(r.jobId());
            w.putText(r.envId());
            w.putText(r.queue());
            w.putText(r.vmtaPool());
        }
        return w.toBytes();
    }

    /** @throws IllegalArgumentException when the bytes are not an event of this version */
    public static List<AccountingRecord> decode(byte[] event) {
        ByteBuffer b = ByteBuffer.wrap(event);
        byte version = b.get();
        if (version != VERSION)
            throw new IllegalArgumentException("found event version " + version + ", expected " + VERSION);
        int n = b.getInt();
        List<AccountingRecord> records = new ArrayList<>(Math.min(n, 10_000));
        for (int i = 0; i < n; i++)
            records.add(
                    new AccountingRecord((char) b.get(), b.getLong(), b.getLong(), text(b), text(b), text(b), text(b),
                            text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b),
                            b.getLong(), text(b), text(b), text(b), text(b), text(b)));
        return records;
    }

    private static String text(ByteBuffer b) {
        int length = b.getInt();
        if (length < 0)
            return null;
        String s = new String(b.array(), b.arrayOffset() + b.position(), length, StandardCharsets.UTF_8);
        b.position(b.position() + length);
        return s;
    }

    /** A growing array. */
    private static final class ByteWriter {

        private byte[] bytes;
        private int size;

        ByteWriter(int capacity) {
            bytes = new byte[capacity];
        }

        void putByte(byte v) {
            room(1);
            bytes[size++] = v;
        }

        void putInt(int v) {
            room(4);
            ByteBuffer.wrap(bytes).putInt(size, v);
            size += 4;
        }

        void putLong(long v) {
            room(8);
            ByteBuffer.wrap(bytes).putLong(size, v);
            size += 8;
        }

        void putText(String s) {
            if (s == null) {
                putInt(-1);
                return;
            }
            byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
            putInt(utf8.length);
            room(utf8.length);
            System.arraycopy(utf8, 0, bytes, size, utf8.length);
            size += utf8.length;
        }

        private void room(int n) {
            if (size + n > bytes.length)
                bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + n));
        }

        byte[] toBytes() {
            return java.util.Arrays.copyOf(bytes, size);
        }
    }
}
