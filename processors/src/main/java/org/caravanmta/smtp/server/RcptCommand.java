package org.caravanmta.smtp.server;

import org.caravanmta.message.Recipient;

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
        if (!t.source().alwaysAllowRelaying())
            return Replies.RELAYING_DENIED;
        if (path.localOnly())
            return Replies.NO_MAILBOXES;
        if (!path.ascii() && !t.smtpUtf8())
            return Replies.NEEDS_SMTPUTF8;
        int max = t.config().smtpIn().maxRcptPerMessage();
        if (max > 0 && t.recipients().size() >= max)
            return Replies.TOO_MANY_RECIPIENTS;
        t.recipients().add(new Recipient(path.address(), parameters.orcpt(), parameters.notification()));
        return Replies.RECIPIENT_OK;
    }
}
