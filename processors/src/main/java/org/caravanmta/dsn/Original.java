package org.caravanmta.dsn;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.header.HeaderSection;

/**
 * What a report returns of the message: all of it up to {@value #MAX_FULL_BYTES} bytes where that is asked for, else its
 * header up to {@value #MAX_HEADER_BYTES} bytes.
 *
 * @param header   ends with the line end of a field
 * @param subject  null when there is none
 * @param full     whether all of it is returned
 * @param eightBit whether what is returned has bytes beyond ASCII
 */
record Original(byte[] header, String subject, boolean full, boolean eightBit, boolean eightBitHeader) {

    static final int MAX_FULL_BYTES = 1 << 20;
    static final int MAX_HEADER_BYTES = 64 << 10;

    static Original of(QueuedMessage message) {
        MessageContent content = message.content();
        HeaderSection section = HeaderSection.of(content);
        byte[] whole = section.array();
        var fields = section.fields();
        int start = -1;
        int end = 0;
        while (fields.next()) {
            start = start < 0 ? fields.start() : start;
            if (fields.end() - start > MAX_HEADER_BYTES)
                break;
            end = fields.end();
        }
        byte[] header = start < 0 || end < start ? new byte[0] : Arrays.copyOfRange(whole, start, end);
        boolean full = message.dsn() != null && message.dsn().full() && content.sizeBytes() <= MAX_FULL_BYTES;
        boolean eightBitHeader = eightBit(header);
        return new Original(header, section.first("Subject"), full,
                eightBitHeader || full && message.bodyType() == BodyType.EIGHT_BIT_MIME, eightBitHeader);
    }

    private static boolean eightBit(byte[] bytes) {
        for (byte b : bytes)
            if (b < 0)
                return true;
        return false;
    }

    /** For people; never null. */
    String subjectOrNothing() {
        return subject == null ? "" : subject;
    }

    String headerText() {
        return new String(header, StandardCharsets.ISO_8859_1);
    }
}
