package org.caravanmta.submission.pickup;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.caravanmta.submission.intake.EnvelopeCheck;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.RefusedException;

/**
 * The commands of an SMTP client one after the other, as RFC 2442 has them in a MIME part: any number of messages. Of
 * parameters only those are taken that need no answer: SIZE, BODY, SMTPUTF8.
 */
final class BatchSmtpFile implements FileFormat {

    static final List<String> FIRST = List.of("helo", "ehlo", "mail", "xack");

    private static final Set<String> SAY_NOTHING = Set.of("HELO", "EHLO", "RSET", "NOOP", "XACK");

    private final FileLines lines;
    private final Handover handover;
    private final String id;
    private final Complaints complaints = new Complaints();
    private byte[] first;
    private EnvelopeCheck envelope;
    private StuffedText text;
    private int messages;

    BatchSmtpFile(FileLines lines, byte[] first, Handover handover, String id) {
        this.lines = lines;
        this.first = first;
        this.handover = handover;
        this.id = id;
    }

    @Override
    public FileMessage next() throws IOException {
        if (text != null)
            text.toEnd();
        text = null;
        while (true) {
            byte[] bytes = first != null ? first : lines.next(MAX_LINE_BYTES);
            first = null;
            String line = bytes == null ? "QUIT" : FileLines.text(bytes);
            String verb = verb(line);
            if (verb.equals("QUIT")) {
                if (envelope != null)
                    throw bad("ends within a message");
                complaints.check();
                return null;
            }
            if (verb.equals("DATA"))
                return message();
            if (verb.equals("MAIL"))
                mail(line);
            else if (verb.equals("RCPT"))
                rcpt(line);
            else if (verb.equals("RSET"))
                envelope = null;
            else if (!SAY_NOTHING.contains(verb) && !line.isBlank())
                throw bad("is no command of batch SMTP");
        }
    }

    private static String verb(String line) {
        int end = 0;
        while (end < line.length() && Character.isLetter(line.charAt(end)))
            end++;
        return line.substring(0, end).toUpperCase(Locale.ROOT);
    }

    private BadFileException bad(String what) {
        return new BadFileException("line " + lines.number() + " " + what);
    }

    private void mail(String line) throws BadFileException {
        if (envelope != null)
            throw bad("begins a message within another");
        envelope = new EnvelopeCheck(handover);
        try {
            envelope.sender(path(line, "MAIL FROM:"));
        } catch (RefusedException e) {
            complaints.add(lines.number(), e.reply());
        }
    }

    private void rcpt(String line) throws BadFileException {
        if (envelope == null)
            throw bad("is RCPT without MAIL");
        try {
            envelope.recipient(path(line, "RCPT TO:"));
        } catch (RefusedException e) {
            complaints.add(lines.number(), e.reply());
        }
    }

    private FileMessage message() throws BadFileException {
        complaints.check();
        if (envelope == null)
            throw bad("is DATA without MAIL");
        text = new StuffedText(lines);
        try {
            return new FileMessage(envelope.envelope(null, null, null, id + ":" + messages++), text);
        } catch (RefusedException e) {
            throw bad("is DATA without a RCPT");
        } finally {
            envelope = null;
        }
    }

    /** What stands between the angle brackets. */
    private String path(String line, String command) throws BadFileException {
        String rest = line.regionMatches(true, 0, command, 0, command.length())
                ? line.substring(command.length()).strip()
                : "";
        int end = rest.lastIndexOf('>');
        if (!rest.startsWith("<") || end < 0)
            throw bad("is not " + command + "<ADDRESS>");
        for (String parameter : rest.substring(end + 1).strip().split(" +"))
            if (!parameter.isEmpty() && !needsNoAnswer(parameter.toUpperCase(Locale.ROOT)))
                throw bad("has a parameter that is not known here");
        return rest.substring(1, end);
    }

    private static boolean needsNoAnswer(String parameter) {
        return parameter.startsWith("SIZE=") || parameter.equals("BODY=7BIT") || parameter.equals("BODY=8BITMIME")
                || parameter.equals("SMTPUTF8");
    }
}
