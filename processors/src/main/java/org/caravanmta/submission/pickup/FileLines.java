package org.caravanmta.submission.pickup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A file line by line as long as that is wanted, and the rest as it is. One thread. */
final class FileLines {

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private int number;

    /** @param in buffered; the caller closes it */
    FileLines(InputStream in) {
        this.in = in;
    }

    /**
     * The next line with its end, LF or CR LF; null at the end of the file.
     *
     * @throws BadFileException it is longer than that
     */
    byte[] next(int maxBytes) throws IOException {
        line.reset();
        for (int b; (b = in.read()) >= 0;) {
            line.write(b);
            if (b == '\n')
                break;
            if (line.size() > maxBytes)
                throw new BadFileException("line " + (number + 1) + " is longer than " + maxBytes + " bytes");
        }
        if (line.size() == 0)
            return null;
        number++;
        return line.toByteArray();
    }

    /** Of the line that {@link #next} gave last; the first is 1. */
    int number() {
        return number;
    }

    /** What follows that line. */
    InputStream rest() {
        return in;
    }

    /** Without its end. Bytes that are no UTF-8 become U+FFFD, which no address may hold. */
    static String text(byte[] line) {
        int end = line.length;
        if (end > 0 && line[end - 1] == '\n')
            end--;
        if (end > 0 && line[end - 1] == '\r')
            end--;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }
}
