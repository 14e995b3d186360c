package org.caravanmta.accounting;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records as event bytes, and back: version, number of records, then each record's fields in their order; a text is its
 * length in bytes (−1: null) and its UTF-8. Half a surrogate pair becomes {@code ?}.
 */
public final class AccountingCodec {

    private static final byte VERSION = 2;
    /** Ended with the pool. */
    private static final byte FIRST_VERSION = 1;

    private AccountingCodec() {
    }

    public static byte[] encode(List<AccountingRecord> records) {
        ByteWriter w = new ByteWriter(records.size() * 400 + 8);
        w.putByte(VERSION);
        w.putInt(records.size());
        for (AccountingRecord r : records) {
            w.putByte((byte) r.type().code());
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
            w.putLong(r.timeFirstAttemptMs());
            w.putText(r.dlvTlsProtocol());
            w.putText(r.dlvTlsCipher());
            w.putText(r.rcvSourceIp());
            w.putText(r.rcvDestinationIp());
            w.putText(r.rcvSmtpUser());
            w.putInt(r.headers().size());
            r.headers().forEach((name, value) -> {
                w.putText(name);
                w.putText(value);
            });
        }
        return w.toBytes();
    }

    /** @throws IllegalArgumentException the bytes are not an event of this version; its message has nothing from them */
    public static List<AccountingRecord> decode(byte[] event) {
        ByteBuffer b = ByteBuffer.wrap(event);
        try {
            return decode(b);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("found its end after " + event.length + " bytes, expected more", e);
        }
    }

    private static List<AccountingRecord> decode(ByteBuffer b) {
        byte version = b.get();
        if (version != VERSION && version != FIRST_VERSION)
            throw new IllegalArgumentException("found event version " + version + ", expected " + VERSION);
        int n = b.getInt();
        if (n < 0)
            throw new IllegalArgumentException("found " + n + " records, expected 0 or more");
        List<AccountingRecord> records = new ArrayList<>(Math.min(n, 10_000));
        for (int i = 0; i < n; i++) {
            AccountingRecord r = new AccountingRecord((char) b.get(), b.getLong(), b.getLong(), text(b), text(b),
                    text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b), text(b),
                    text(b), b.getLong(), text(b), text(b), text(b), text(b), text(b));
            records.add(version == FIRST_VERSION ? r : withRest(r, b));
        }
        if (b.hasRemaining())
            throw new IllegalArgumentException("found " + b.remaining() + " bytes behind its last record");
        return records;
    }

    private static AccountingRecord withRest(AccountingRecord r, ByteBuffer b) {
        return new AccountingRecord(r.type(), r.timeLoggedMs(), r.timeQueuedMs(), b.getLong(), r.orig(), r.rcpt(),
                r.orcpt(), r.dsnAction(), r.dsnStatus(), r.dsnDiag(), r.dsnMta(), r.bounceCat(), r.srcType(),
                r.srcMta(), r.dlvType(), r.dlvSourceIp(), r.dlvDestinationIp(), r.dlvEsmtpAvailable(), r.dlvSize(),
                r.vmta(), r.jobId(), r.envId(), r.queue(), r.vmtaPool(), text(b), text(b), text(b), text(b), text(b),
                headers(b));
    }

    private static Map<String, String> headers(ByteBuffer b) {
        int n = b.getInt();
        if (n == 0)
            return Map.of();
        if (n < 0 || n > b.remaining() / 8)
            throw new IllegalArgumentException("found " + n + " headers in " + b.remaining() + " bytes");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < n; i++)
            headers.put(text(b), text(b));
        return headers;
    }

    private static String text(ByteBuffer b) {
        int length = b.getInt();
        if (length == -1)
            return null;
        if (length < 0 || length > b.remaining())
            throw new IllegalArgumentException(
                    "found a text of " + length + " bytes, expected at most " + b.remaining());
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
