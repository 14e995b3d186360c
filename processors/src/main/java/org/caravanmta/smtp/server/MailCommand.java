package org.caravanmta.smtp.server;

import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.AddressPath;

/** MAIL (RFC 5321 §4.1.1.2) with SIZE (RFC 1870), BODY (RFC 6152) SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461). */
final class MailCommand {

    private MailCommand() {
    }

    static void run(SmtpSession s, CommandLine line) {
        if (!s.introduced()) {
            s.reply(Replies.HELLO_FIRST);
        } else if (s.transaction() != null) {
            s.reply(s.transaction().chunking() ? Replies.CHUNKS_BEGUN : Replies.NESTED_MAIL);
        } else if (!line.has(5, "FROM:")) {
            s.reply(Replies.MAIL_SYNTAX);
        } else {
            begin(s, line);
        }
    }

    private static void begin(SmtpSession s, CommandLine line) {
        AddressPath path = AddressPath.parse(line.bytes(), 10, line.end());
        if (path == null || path.localOnly()) {
            s.reply(Replies.SENDER_SYNTAX);
            return;
        }
        MailParameters parameters = new MailParameters();
        byte[] problem = parameters.read(line, path.end(), s.extended());
        s.refreshConfig();
        if (problem == null && !path.ascii() && !parameters.smtpUtf8())
            problem = Replies.NEEDS_SMTPUTF8;
        if (problem == null && s.maxMessageSizeBytes() > 0 && parameters.sizeBytes() > s.maxMessageSizeBytes())
            problem = Replies.TOO_BIG;
        if (problem != null) {
            s.reply(problem);
            return;
        }
        Reply refusal = s.context().intake().refusal();
        if (refusal != null) {
            s.reply(ReplyEncoder.encode(refusal));
            return;
        }
        s.beginTransaction(new Transaction(s.handover(), path.address(), parameters.smtpUtf8(), parameters.sizeBytes(),
                parameters.dsn(s.source().reporting())));
        s.reply(Replies.SENDER_OK);
    }
}
