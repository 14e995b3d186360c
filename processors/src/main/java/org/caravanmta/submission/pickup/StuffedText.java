package org.caravanmta.submission.pickup;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The text behind DATA, up to the lone dot, without the dots that were stuffed in (RFC 5321 §4.5.2). */
final class StuffedText extends InputStream {

    private static final int MAX_LINE_BYTES = 1 << 20;

    private final FileLines lines;
    private byte[] line = new byte[0];
    private int at;
    private boolean ended;

    StuffedText(FileLines lines) {
        this.lines = lines;
    }

    @Override
    public int read() throws IOException {
        return more() ? line[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, to.length);
        int n = from;
        while (n < from + length && more()) {
            int piece = Math.min(from + length - n, line.length - at);
            System.arraycopy(line, at, to, n, piece);
            at += piece;
            n += piece;
        }
        return n == from && length > 0 ? -1 : n - from;
    }

    private boolean more() throws IOException {
        while (at == line.length && !ended) {
            line = lines.next(MAX_LINE_BYTES);
            if (line == null)
                throw new BadFileException("it ends before the lone dot that ends a message");
            at = line[0] == '.' ? 1 : 0;
            ended = at == 1 && FileLines.text(line).equals(".");
        }
        return !ended;
    }

    /** Leaves out what nobody has read. */
    void toEnd() throws IOException {
        while (more())
            at = line.length;
    }
}
