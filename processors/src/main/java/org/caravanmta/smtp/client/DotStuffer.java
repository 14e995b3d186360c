package org.caravanmta.smtp.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.netty.buffer.ByteBuf;

/**
 * Makes message data transparent (RFC 5321 §4.5.2): a dot at the beginning of a line is doubled. Pieces may be cut
 * anywhere. Only CRLF ends a line, as the content promises. Looks for line ends eight bytes at a time.
 */
final class DotStuffer {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LF = 0x0a0a0a0a0a0a0a0aL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private boolean afterCr;
    private boolean lineStart = true;

    /** Appends the piece to {@code out}. */
    void append(byte[] a, int offset, int length, ByteBuf out) {
        if (length == 0)
            return;
        int end = offset + length;
        int from = offset;
        if (lineStart && a[offset] == '.')
            out.writeByte('.');
        for (int i = indexOfLf(a, offset, end); i >= 0; i = indexOfLf(a, i + 1, end)) {
            if (i + 1 < end && a[i + 1] == '.' && (i > offset ? a[i - 1] == '\r' : afterCr)) {
                out.writeBytes(a, from, i + 1 - from);
                out.writeByte('.');
                from = i + 1;
            }
        }
        out.writeBytes(a, from, end - from);
        boolean crBefore = length > 1 ? a[end - 2] == '\r' : afterCr;
        lineStart = a[end - 1] == '\n' && crBefore;
        afterCr = a[end - 1] == '\r';
    }

    /** Appends the end of data: a dot on its own line. */
    void end(ByteBuf out) {
        if (!lineStart)
            out.writeByte('\r').writeByte('\n');
        out.writeByte('.').writeByte('\r').writeByte('\n');
    }

    private static int indexOfLf(byte[] a, int from, int end) {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long x = (long) LONG.get(a, i) ^ LF;
            long found = x - ONES & ~x & HIGH;
            if (found != 0)
                return i + (Long.numberOfTrailingZeros(found) >> 3);
        }
        for (; i < end; i++)
            if (a[i] == '\n')
                return i;
        return -1;
    }
}
