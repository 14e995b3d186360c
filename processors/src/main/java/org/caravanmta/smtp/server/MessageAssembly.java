package org.caravanmta.smtp.server;

import java.util.List;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.message.header.OwnHeaders;
import org.caravanmta.smtp.Xtext;

/**
 * Makes a {@link SubmittedMessage} of a transaction whose content is whole: our own header fields come out, trace fields
 * go in front, in the array that the content was received into; every other byte stays as it is.
 */
final class MessageAssembly {

    private static final Runnable NOTHING = () -> {
    };

    private SubmittedMessage message;
    private byte[] refusal;

    private MessageAssembly() {
    }

    /** Exactly one of {@link #message()} and {@link #refusal()} is set afterwards. */
    static MessageAssembly of(SmtpSession s, Transaction t) {
        MessageAssembly assembly = new MessageAssembly();
        MessageReceiver r = t.receiver();
        OwnHeaders own = OwnHeaders.read(r.array(), r.headerStart(), r.headerEnd(), t.source());
        int maxHops = t.config().smtpIn().maxMessageHops();
        if (maxHops > 0 && own.hops() > maxHops)
            assembly.refusal = Replies.LOOP;
        else if (own.invalid() != null)
            assembly.refusal = Replies.line("550 5.6.0 Control character in " + own.invalid());
        else
            assembly.message = assemble(s, t, own);
        return assembly;
    }

    private static SubmittedMessage assemble(SmtpSession s, Transaction t, OwnHeaders own) {
        MessageReceiver r = t.receiver();
        byte[] a = r.array();
        long now = s.context().clock().millis();
        int start = own.remove(a, r.headerStart(), r.headerEnd());
        boolean separated = r.headerEnd() > r.headerStart() || beginsWithBlankLine(r);
        byte[] trace = TraceFields.text(s, t, own, now);
        if (!separated && trace.length > 0) {
            a[--start] = '\n';
            a[--start] = '\r';
        }
        start -= trace.length;
        System.arraycopy(trace, 0, a, start, trace.length);
        SpoolFile file = r.file();
        MessageContent content = file == null ? new MessageContent.Inline(a, start, r.end() - start)
                : file.content(a, start, r.end() - start, r.relaxedBodyHash());
        return new SubmittedMessage(t.reversePath(), List.copyOf(t.recipients()),
                r.eightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT, t.smtpUtf8(), null, own.virtualMta(),
                own.jobId(), envId(t, own), s.clientName(), s.client(), s.local(), t.source(), now, own.dkimOptions(),
                content,
                file == null ? NOTHING : file::discard, t.dsn());
    }

    /** The header's, or else that of MAIL (RFC 3461 §4.4). */
    private static String envId(Transaction t, OwnHeaders own) {
        return own.envId() != null || t.dsn() == null || t.dsn().envid() == null ? own.envId()
                : Xtext.decode(t.dsn().envid());
    }

    /** A message whose first line is text would otherwise lose that line to the header that we put in front. */
    private static boolean beginsWithBlankLine(MessageReceiver r) {
        return r.firstBodyByte() == '\r';
    }

    SubmittedMessage message() {
        return message;
    }

    byte[] refusal() {
        return refusal;
    }
}
