package org.caravanmta.submission.broker;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.broker.Answer.Rejected;
import org.caravanmta.submission.intake.Envelope;
import org.caravanmta.submission.intake.EnvelopeCheck;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.RefusedException;
import org.caravanmta.submission.intake.Submission;

/**
 * Hands a letter in. One that comes again, because a crash hid its fate, has the same id and is not stored twice. A
 * recipient that is refused leaves the others alone; it is told in the answer, and without one the letter is parked, so
 * that nobody is left out unseen.
 */
public final class LetterSubmission {

    /** The reverse-path; missing or empty for mail that nobody wants back. */
    public static final String SENDER = "sender";
    /** The recipients, see {@link RecipientList}. */
    public static final String RECIPIENTS = "recipients";
    /** The VirtualMTA or pool, where the source of the user may choose. */
    public static final String VIRTUAL_MTA = "virtualMta";
    /** As {@code x-job}. */
    public static final String JOB = "job";
    /** As {@code x-envid}. */
    public static final String ENVELOPE_ID = "envelopeId";
    /** The user's own id of this mail: handed in twice, it is stored once. */
    public static final String SUBMISSION_ID = "submissionId";

    private static final Reply NO_ENVELOPE = Reply.of(554, "5.5.1",
            "No recipients: name them in the property " + RECIPIENTS);
    private static final int LONGEST_NAME = 200;

    private final Intake intake;
    private final Submission submission;
    private final Function<String, Handover> terms;

    /** @param terms by user; null for one that there is no more */
    public LetterSubmission(Intake intake, Submission submission, Function<String, Handover> terms) {
        this.intake = intake;
        this.submission = submission;
        this.terms = terms;
    }

    /** Waits until the mail is durable, or refused. */
    public Verdict submit(Letter letter) throws IOException {
        Handover handover = terms.apply(letter.user());
        if (handover == null)
            return refused(Reply.of(550, "5.7.1", "There is no such user any more"), List.of());
        String recipients = letter.property(RECIPIENTS);
        if (recipients == null)
            return refused(NO_ENVELOPE, List.of());
        EnvelopeCheck check = new EnvelopeCheck(handover);
        List<Rejected> rejected = new ArrayList<>();
        try {
            check.sender(letter.property(SENDER));
            for (String recipient : RecipientList.of(recipients))
                take(check, recipient, rejected);
            if (check.recipients() == 0)
                return rejected.isEmpty() ? refused(NO_ENVELOPE, rejected)
                        : notTaken(letter, rejected.getFirst().reply(), rejected);
            Envelope envelope = check.envelope(name(letter, VIRTUAL_MTA), name(letter, JOB),
                    name(letter, ENVELOPE_ID), id(letter));
            return submit(letter, handover, envelope, rejected);
        } catch (RefusedException e) {
            return e.reply().permanent() ? refused(e.reply(), rejected) : Verdict.LATER;
        } catch (UnreadableLetterException e) {
            return refused(Reply.of(550, "5.6.1", e.getMessage()), List.of());
        }
    }

    private static void take(EnvelopeCheck check, String recipient, List<Rejected> rejected) {
        try {
            check.recipient(recipient);
        } catch (RefusedException e) {
            rejected.add(new Rejected(recipient, e.reply()));
        }
    }

    private Verdict submit(Letter letter, Handover handover, Envelope envelope, List<Rejected> rejected)
            throws IOException, RefusedException, UnreadableLetterException {
        SubmittedMessage message;
        try (InputStream content = letter.content()) {
            message = intake.take(handover, envelope, content);
        }
        Reply reply = submission.submit(message);
        if (reply.permanent())
            return refused(reply, rejected);
        if (!reply.positive())
            return Verdict.LATER;
        Answer answer = new Answer(reply, envelope.recipients().size(), rejected);
        return new Verdict(answer, rejected.isEmpty() || letter.answerable() ? null
                : "taken but for " + rejected.size() + " recipients: " + describe(rejected.getFirst()));
    }

    private static Verdict notTaken(Letter letter, Reply reply, List<Rejected> rejected) {
        return new Verdict(new Answer(reply, 0, rejected),
                letter.answerable() ? null : describe(rejected.getFirst()));
    }

    private static Verdict refused(Reply reply, List<Rejected> rejected) {
        return new Verdict(new Answer(reply, 0, rejected), reply.toString());
    }

    private static String describe(Rejected r) {
        return r.reply() + " for " + r.recipient().replaceAll("\\p{Cntrl}", "?");
    }

    private static String name(Letter letter, String property) throws RefusedException {
        String value = letter.property(property);
        if (value == null || value.isEmpty())
            return null;
        if (value.length() > LONGEST_NAME || value.chars().anyMatch(c -> c < ' ' || c == 127))
            throw new RefusedException(Reply.of(550, "5.6.0", "The property " + property + " has more than "
                    + LONGEST_NAME + " characters, or a control character"));
        return value;
    }

    private static String id(Letter letter) throws RefusedException {
        String own = name(letter, SUBMISSION_ID);
        return own == null ? "letter " + letter.number() : "letter of " + letter.user() + " " + own;
    }
}
