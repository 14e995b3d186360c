package org.caravanmta.submission.intake;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.message.header.OwnHeaders;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Xtext;

/**
 * Makes a {@link SubmittedMessage} of content that is whole: our own header fields come out, trace fields go in front, in
 * the array that the content was received into; every other byte stays as it is.
 */
final class MessageAssembly {

    private static final Runnable NOTHING = () -> {
    };

    private MessageAssembly() {
    }

    static SubmittedMessage of(Intake intake, Handover h, Envelope e, MessageReceiver r) throws RefusedException {
        OwnHeaders own = OwnHeaders.read(r.array(), r.headerStart(), r.headerEnd(), h.source());
        int maxHops = h.config().smtpIn().maxMessageHops();
        Reply refusal = maxHops > 0 && own.hops() > maxHops ? Refusals.LOOP
                : own.invalid() != null ? Refusals.controlCharacterIn(own.invalid()) : null;
        if (refusal != null) {
            r.discard();
            throw new RefusedException(refusal);
        }
        return assemble(intake, h, e, r, own);
    }

    private static SubmittedMessage assemble(Intake intake, Handover h, Envelope e, MessageReceiver r,
            OwnHeaders own) {
        byte[] a = r.array();
        long now = intake.clock().millis();
        int start = own.remove(a, r.headerStart(), r.headerEnd());
        boolean separated = r.headerEnd() > r.headerStart() || beginsWithBlankLine(r);
        byte[] trace = TraceFields.text(intake, h, e, own, now);
        if (!separated && trace.length > 0) {
            a[--start] = '\n';
            a[--start] = '\r';
        }
        start -= trace.length;
        System.arraycopy(trace, 0, a, start, trace.length);
        SpoolFile file = r.file();
        MessageContent content = file == null ? new MessageContent.Inline(a, start, r.end() - start)
                : file.content(a, start, r.end() - start, r.relaxedBodyHash());
        return new SubmittedMessage(e.reversePath(), e.recipients(),
                r.eightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT, e.smtpUtf8(), e.virtualMta(),
                own.virtualMta(), e.jobId() != null ? e.jobId() : own.jobId(),
                envId(e, own), h.srcType(), h.clientName(), h.clientAddress(),
                h.localAddress(), h.source(), now, own.dkimOptions(), e.submissionId(), content,
                file == null ? NOTHING : file::discard, e.dsn());
    }

    /** That of the envelope, or else the header's, or else that of MAIL (RFC 3461 §4.4). */
    private static String envId(Envelope e, OwnHeaders own) {
        if (e.envId() != null)
            return e.envId();
        return own.envId() != null || e.dsn() == null || e.dsn().envid() == null ? own.envId()
                : Xtext.decode(e.dsn().envid());
    }

    /** A message whose first line is text would otherwise lose that line to the header that we put in front. */
    private static boolean beginsWithBlankLine(MessageReceiver r) {
        return r.firstBodyByte() == '\r';
    }
}
