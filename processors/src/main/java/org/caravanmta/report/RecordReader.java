package org.caravanmta.report;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Records of one file, one after the other, in bounded memory. What is no record is told to {@link BadLines} and passed
 * over up to the next line. One thread.
 */
abstract class RecordReader implements AutoCloseable {

    /** Nothing that the exports write is longer; a quote that is never closed ends here. */
    private static final int LONGEST = 4 << 20;

    final Texts texts = new Texts();
    byte[] buffer = new byte[1 << 18];
    int start;
    int end;
    long line = 1;
    private final InputStream in;
    private final String name;
    private final BadLines bad;

    RecordReader(InputStream in, String name, BadLines bad) {
        this.in = in;
        this.name = name;
        this.bad = bad;
    }

    /** By the first bytes, whatever the name is; {@code in} may be compressed. */
    static RecordReader open(InputStream in, String name, BadLines bad) throws IOException {
        InputStream bytes = marked(in);
        bytes.mark(2);
        boolean zipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
        bytes.reset();
        InputStream plain = zipped ? marked(new GZIPInputStream(bytes, 1 << 16)) : bytes;
        plain.mark(64);
        int first = plain.read();
        while (first == ' ' || first == '\n' || first == '\r' || first == 0xef || first == 0xbb || first == 0xbf)
            first = plain.read();
        plain.reset();
        return switch (first) {
            case '<' -> new XmlRows(plain, name, bad);
            case '{' -> new JsonRows(plain, name, bad);
            default -> new CsvRows(plain, name, bad);
        };
    }

    private static InputStream marked(InputStream in) {
        return new BufferedInputStream(in, 1 << 16);
    }

    /**
     * Fills in the next record. After false it may be asked again once the file has grown, unless {@code last}.
     *
     * @param last whether what stands without an end at the end is bad, not unfinished
     */
    abstract boolean next(Row row, boolean last) throws IOException;

    /** More bytes behind those that are there; false at the end, or when the record is too long. */
    final boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            if (end >= LONGEST)
                return false;
            buffer = Arrays.copyOf(buffer, end * 2);
        }
        int n = in.read(buffer, end, buffer.length - end);
        if (n <= 0)
            return false;
        end += n;
        return true;
    }

    /** The line at {@code start} is bad; goes on behind it. */
    final void skipLine(String why) throws IOException {
        bad.add(name, line, why);
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    start = i + 1;
                    line++;
                    return;
                }
            }
            start = end;
            if (!fill())
                return;
        }
    }

    /** Where the line at {@code start} ends, without its LF; −1 at the end of the file. */
    final int lineEnd() throws IOException {
        int from = start;
        while (true) {
            for (int i = from; i < end; i++)
                if (buffer[i] == '\n')
                    return i;
            int seen = end - start;
            if (!fill())
                return -1;
            from = start + seen;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
