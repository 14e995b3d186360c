package org.caravanmta.smtp.server;

import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.AddressPath;
import org.caravanmta.submission.intake.EnvelopeCheck;

/** RCPT (RFC 5321 §4.1.1.3) with NOTIFY and ORCPT (RFC 3461). Nothing is local here: a recipient is relayed or refused. */
final class RcptCommand {

    private RcptCommand() {
    }

    static void run(SmtpSession s, CommandLine line) {
        Transaction t = s.transaction();
        if (t == null) {
            s.reply(s.introduced() ? Replies.MAIL_FIRST : Replies.HELLO_FIRST);
        } else if (t.chunking()) {
            s.reply(Replies.CHUNKS_BEGUN);
        } else if (!line.has(5, "TO:")) {
            s.reply(Replies.RCPT_SYNTAX);
        } else {
            s.reply(take(s, t, line));
        }
    }

    private static byte[] take(SmtpSession s, Transaction t, CommandLine line) {
        AddressPath path = AddressPath.parse(line.bytes(), 8, line.end());
        if (path == null || path.address() == null)
            return Replies.RECIPIENT_SYNTAX;
        RcptParameters parameters = new RcptParameters();
        byte[] problem = parameters.read(line, path.end(), s.extended(), t.smtpUtf8());
        if (problem != null)
            return problem;
        Reply refusal = EnvelopeCheck.refusal(path, t.handover(), t.smtpUtf8(), t.recipients().size());
        if (refusal != null)
            return ReplyEncoder.encode(refusal);
        t.recipients().add(new Recipient(path.address(), parameters.orcpt(), parameters.notification()));
        return Replies.RECIPIENT_OK;
    }
}
