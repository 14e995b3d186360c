package org.caravanmta.smtp.server;

/** RSET, QUIT, and what has no verb of four letters or is no SMTP command at all. */
final class SimpleCommands {

    /** A browser or a proxy talks to us on somebody's behalf: its next lines are not to be tried as commands. */
    private static final String[] HTTP = { "GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "CONNECT ",
            "PRI * " };

    private SimpleCommands() {
    }

    static void rset(SmtpSession s, CommandLine line) {
        if (line.hasArgument()) {
            s.reply(Replies.NO_ARGUMENTS);
            return;
        }
        s.resetTransaction();
        s.reply(Replies.OK);
    }

    static void quit(SmtpSession s, CommandLine line) {
        if (line.hasArgument())
            s.reply(Replies.NO_ARGUMENTS);
        else
            s.hangUp(Replies.BYE);
    }

    static void unknown(SmtpSession s, CommandLine line) {
        if (StartTlsCommand.is(line))
            StartTlsCommand.run(s, line);
        else if (isHttp(line))
            s.hangUp(Replies.NOT_SMTP);
        else
            s.reply(Replies.UNKNOWN_COMMAND);
    }

    static boolean isHttp(CommandLine line) {
        for (String verb : HTTP)
            if (line.has(0, verb))
                return true;
        return false;
    }
}
