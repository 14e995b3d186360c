package org.caravanmta.submission.pickup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.RefusedException;
import org.caravanmta.submission.intake.Submission;

/**
 * Hands in what one file holds: all of it is checked before any of it is submitted. Its messages have ids, so that a
 * file whose fate a crash has hidden can be handed in again.
 */
record FileSubmission(Intake intake, Submission submission, Handover handover) {

    private static final int BUFFER_BYTES = 16 * 1024;

    /** What became of a file. */
    enum Outcome {
        STORED,
        /** It changed while it was read. */
        UNFINISHED,
        /** No mail is taken now. */
        LATER
    }

    /** No mail is taken now; what was submitted of a file is known by its id. */
    private static final class LaterException extends Exception {

        private static final long serialVersionUID = 1L;
    }

    Outcome submit(TakenFile file) throws IOException {
        TakenFile.Look look = file.look();
        if (look.oddity() != null)
            throw new BadFileException(look.oddity());
        try {
            SubmittedMessage only = checked(file, look);
            if (!look.equals(file.look())) {
                if (only != null)
                    only.discard().run();
                return Outcome.UNFINISHED;
            }
            if (only != null)
                submit(only, 0);
            else
                submitAll(file, look);
            return Outcome.STORED;
        } catch (LaterException _) {
            return Outcome.LATER;
        }
    }

    /** The message of a file that holds one, null for a file that holds several; all of them are fine. */
    private SubmittedMessage checked(TakenFile file, TakenFile.Look look) throws IOException, LaterException {
        try (InputStream in = open(file)) {
            FileFormat format = FileFormat.of(new FileLines(in), handover, look.id());
            FileMessage first = format.next();
            if (first == null)
                throw new BadFileException("it holds no message");
            SubmittedMessage only = take(first);
            boolean one = false;
            try {
                FileMessage next = format.next();
                one = next == null;
                for (; next != null; next = format.next())
                    take(next).discard().run();
            } finally {
                if (!one)
                    only.discard().run();
            }
            return one ? only : null;
        }
    }

    private void submitAll(TakenFile file, TakenFile.Look look)
            throws IOException, LaterException {
        try (InputStream in = open(file)) {
            FileFormat format = FileFormat.of(new FileLines(in), handover, look.id());
            int n = 0;
            for (FileMessage m; (m = format.next()) != null;)
                submit(take(m), n++);
        }
    }

    private static InputStream open(TakenFile file) throws IOException {
        try {
            return new BufferedInputStream(Files.newInputStream(file.path(), LinkOption.NOFOLLOW_LINKS), BUFFER_BYTES);
        } catch (AccessDeniedException _) {
            throw new BadFileException("it may not be read by the user that the gateway runs as");
        }
    }

    private SubmittedMessage take(FileMessage m) throws IOException, LaterException {
        try {
            return intake.take(handover, m.envelope(), m.content());
        } catch (RefusedException e) {
            if (e.reply().permanent())
                throw new BadFileException(e.reply().toString());
            throw new LaterException();
        }
    }

    private void submit(SubmittedMessage message, int before)
            throws IOException, LaterException {
        Reply reply = submission.submit(message);
        if (reply.permanent())
            throw new BadFileException(reply + (before == 0 ? ""
                    : "\nThe first " + before + " messages of this file were taken: "
                            + "take them out before you try it again."));
        if (!reply.positive())
            throw new LaterException();
    }
}
