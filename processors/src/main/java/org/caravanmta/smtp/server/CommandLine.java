package org.caravanmta.smtp.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;

/**
 * Collects one command line, reused for the next. A line ends in CR LF and in nothing else (RFC 5321 §2.3.8); a bare LF
 * stays part of the line, which is then {@link #malformed()}. Bytes beyond {@value #MAX_LENGTH} are dropped.
 */
final class CommandLine {

    /** Room for every extension (RFC 5321 §4.5.3.1.4 wants 512 plus what extensions add). */
    static final int MAX_LENGTH = 2048;

    private byte[] bytes = new byte[128];
    private int length;
    private boolean complete;
    private boolean tooLong;
    private byte last;

    /** Takes bytes up to the end of the line; true when it is complete. The next call then begins a new one. */
    boolean read(ByteBuf in) {
        if (complete)
            clear();
        while (in.isReadable()) {
            int from = in.readerIndex();
            int lf = in.indexOf(from, in.writerIndex(), (byte) '\n');
            int n = (lf < 0 ? in.writerIndex() : lf + 1) - from;
            byte before = n > 1 ? in.getByte(from + n - 2) : last;
            last = in.getByte(from + n - 1);
            append(in, n);
            if (lf >= 0 && before == '\r') {
                complete = true;
                length -= tooLong ? 0 : 2;
                return true;
            }
        }
        return false;
    }

    private void append(ByteBuf in, int n) {
        int kept = Math.min(n, MAX_LENGTH - length);
        tooLong |= kept < n;
        if (length + kept > bytes.length)
            bytes = Arrays.copyOf(bytes, Math.max(length + kept, Math.min(MAX_LENGTH, bytes.length * 2)));
        in.readBytes(bytes, length, kept);
        in.skipBytes(n - kept);
        length += kept;
    }

    private void clear() {
        length = 0;
        complete = false;
        tooLong = false;
        last = 0;
    }

    boolean tooLong() {
        return tooLong;
    }

    /** Holds a bare CR, a bare LF or NUL. */
    boolean malformed() {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (b <= '\r' && (b == '\r' || b == '\n' || b == 0))
                return true;
        }
        return false;
    }

    /** The verb in upper case, four letters packed into an int; 0 when the first word is anything else. */
    int verb() {
        if (length < 4 || length > 4 && bytes[4] != ' ')
            return 0;
        return verb(bytes[0], bytes[1], bytes[2], bytes[3]) & 0xdfdfdfdf;
    }

    static int verb(int a, int b, int c, int d) {
        return (a & 0xff) << 24 | (b & 0xff) << 16 | (c & 0xff) << 8 | d & 0xff;
    }

    byte[] bytes() {
        return bytes;
    }

    /** End of the line, blanks at its end not counted (RFC 5321 §4.1.1 wants them tolerated). */
    int end() {
        int end = length;
        while (end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
            end--;
        return end;
    }

    /** Where the argument begins: behind the verb and one blank. */
    int argument() {
        return Math.min(5, end());
    }

    boolean hasArgument() {
        return end() > 5;
    }

    /** Whether these upper-case letters stand at {@code from}, in whatever case. */
    boolean has(int from, String upper) {
        if (from + upper.length() > length)
            return false;
        for (int i = 0; i < upper.length(); i++) {
            int b = bytes[from + i];
            int c = upper.charAt(i);
            if (b != c && !(c >= 'A' && c <= 'Z' && b == c + 32))
                return false;
        }
        return true;
    }

    String ascii(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
