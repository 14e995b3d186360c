package org.caravanmta.smtp.server;

/**
 * STARTTLS (RFC 3207). Only says that TLS is to begin: the go-ahead is given once it is sure that nothing came behind the
 * command, since that was not said under TLS, whoever said it.
 */
final class StartTlsCommand {

    private static final String VERB = "STARTTLS";

    private StartTlsCommand() {
    }

    static boolean is(CommandLine line) {
        return line.has(0, VERB) && (line.end() == VERB.length() || line.bytes()[VERB.length()] == ' ');
    }

    static void run(SmtpSession s, CommandLine line) {
        if (s.tls() != null)
            s.reply(Replies.TLS_ALREADY);
        else if (!s.offersTls())
            s.reply(Replies.UNKNOWN_COMMAND);
        else if (line.end() > VERB.length())
            s.reply(Replies.NO_ARGUMENTS);
        else if (!s.extended())
            s.reply(Replies.EHLO_FIRST);
        else if (s.transaction() != null && s.transaction().chunking())
            s.reply(Replies.CHUNKS_BEGUN);
        else
            s.expectHandshake();
    }
}
