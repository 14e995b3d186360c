package org.caravanmta.submission.pickup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;

import org.caravanmta.submission.intake.EnvelopeCheck;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.RefusedException;

/**
 * A message whose header begins with {@code x-sender: ADDRESS} and holds {@code x-receiver: ADDRESS} for each recipient.
 * Both are taken out.
 */
final class PlainFile implements FileFormat {

    private static final String SENDER = "x-sender:";
    private static final String RECEIVER = "x-receiver:";

    private final FileLines lines;
    private final EnvelopeCheck envelope;
    private final String id;
    private final int maxHeaderBytes;
    private final Complaints complaints = new Complaints();
    private byte[] first;

    PlainFile(FileLines lines, byte[] first, Handover handover, String id) {
        this.lines = lines;
        this.first = first;
        this.envelope = new EnvelopeCheck(handover);
        this.id = id;
        this.maxHeaderBytes = handover.config().smtpIn().maxHeaderSizeBytes();
    }

    @Override
    public FileMessage next() throws IOException {
        if (first == null)
            return null;
        sender(first);
        first = null;
        InputStream content = content();
        complaints.check();
        try {
            return new FileMessage(envelope.envelope(null, null, null, id), content);
        } catch (RefusedException e) {
            throw new BadFileException("there is no x-receiver: ADDRESS in its header");
        }
    }

    /** The header without our two fields, and what follows it. A header beyond its limit is refused by others. */
    private InputStream content() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream(1024);
        boolean ours = true;
        for (byte[] line; header.size() <= maxHeaderBytes && (line = lines.next(lineLimit())) != null;) {
            boolean folded = line[0] == ' ' || line[0] == '\t';
            if (folded && ours)
                throw new BadFileException("line " + lines.number() + " folds an x-sender or x-receiver field");
            ours = !folded && (named(line, RECEIVER) || named(line, SENDER));
            if (!ours)
                header.write(line);
            else if (named(line, RECEIVER))
                receiver(line);
            else
                throw new BadFileException("line " + lines.number() + " is a second x-sender");
            if (blank(line))
                break;
        }
        return new SequenceInputStream(new ByteArrayInputStream(header.toByteArray()), lines.rest());
    }

    private int lineLimit() {
        return Math.max(MAX_LINE_BYTES, maxHeaderBytes);
    }

    private static boolean named(byte[] line, String name) {
        return line.length >= name.length()
                && new String(line, 0, name.length(), StandardCharsets.ISO_8859_1)
                        .equalsIgnoreCase(name);
    }

    private static boolean blank(byte[] line) {
        return line[0] == '\n' || line.length == 2 && line[0] == '\r' && line[1] == '\n';
    }

    private void sender(byte[] line) throws BadFileException {
        try {
            envelope.sender(address(line, SENDER));
        } catch (RefusedException e) {
            throw new BadFileException("line 1: " + e.reply());
        }
    }

    private void receiver(byte[] line) {
        try {
            envelope.recipient(address(line, RECEIVER));
        } catch (RefusedException e) {
            complaints.add(lines.number(), e.reply());
        }
    }

    /** With or without angle brackets. */
    private static String address(byte[] line, String name) {
        String text = FileLines.text(line).substring(name.length()).strip();
        boolean angled = text.length() > 2 && text.startsWith("<") && text.endsWith(">");
        return angled ? text.substring(1, text.length() - 1) : text;
    }
}
