package org.caravanmta.smtp.server;

/** DATA (RFC 5321 §4.1.1.4) and BDAT (RFC 3030 §2). */
final class DataCommands {

    private DataCommands() {
    }

    static void data(SmtpSession s, CommandLine line) {
        Transaction t = s.transaction();
        if (line.hasArgument()) {
            s.reply(Replies.NO_ARGUMENTS);
        } else if (t == null) {
            s.reply(s.introduced() ? Replies.MAIL_FIRST : Replies.HELLO_FIRST);
        } else if (t.chunking()) {
            s.reply(Replies.CHUNKS_BEGUN);
        } else if (t.recipients().isEmpty()) {
            s.reply(Replies.NO_RECIPIENTS);
        } else {
            t.receiver(s.context().intake().dotStuffed(t.handover(), t.declaredSizeBytes()));
            s.reply(Replies.START_DATA);
            s.expectData();
        }
    }

    /**
     * The octets follow whatever we answer, so a command out of order swallows them first; after one whose count is
     * unreadable nobody knows where the next command begins, so the connection ends.
     */
    static void bdat(SmtpSession s, CommandLine line) {
        int from = line.argument();
        int to = from;
        while (to < line.end() && line.bytes()[to] != ' ')
            to++;
        long octets = EsmtpParameters.number(line.bytes(), from, to);
        boolean last = line.end() == to + 5 && line.has(to, " LAST");
        if (octets < 0 || !last && line.end() > to) {
            s.hangUp(Replies.BDAT_SYNTAX);
            return;
        }
        Transaction t = s.transaction();
        byte[] refusal = null;
        if (t == null)
            refusal = s.introduced() ? Replies.MAIL_FIRST : Replies.HELLO_FIRST;
        else if (t.recipients().isEmpty())
            refusal = Replies.NO_RECIPIENTS;
        else if (!t.chunking())
            t.receiver(s.context().intake().chunked(t.handover(), t.declaredSizeBytes()));
        s.expectChunk(octets, last, refusal);
    }
}
