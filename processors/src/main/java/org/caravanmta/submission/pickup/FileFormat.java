package org.caravanmta.submission.pickup;

import java.io.IOException;
import java.util.Locale;

import org.caravanmta.submission.intake.Handover;

/** The messages of one file, in order. */
interface FileFormat {

    /** Of what stands in front of a message: an address has at most 320 bytes. */
    int MAX_LINE_BYTES = 4096;

    /** Null when there are no more. */
    FileMessage next() throws IOException;

    /**
     * Tells by the first line how a file is written.
     *
     * @param id of the file, for the ids of its messages
     */
    static FileFormat of(FileLines lines, Handover handover, String id) throws IOException {
        byte[] first = lines.next(MAX_LINE_BYTES);
        if (first == null)
            throw new BadFileException("it is empty");
        String text = FileLines.text(first).toLowerCase(Locale.ROOT);
        if (text.startsWith("x-sender:"))
            return new PlainFile(lines, first, handover, id);
        for (String verb : BatchSmtpFile.FIRST)
            if (text.startsWith(verb))
                return new BatchSmtpFile(lines, first, handover, id);
        throw new BadFileException("line 1 is neither x-sender: ADDRESS nor HELO, EHLO or MAIL of batch SMTP");
    }
}
