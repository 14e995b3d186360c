package org.caravanmta.smtp.server;

/** Which command does what. Verbs are compared as packed ints: no strings are made on the way of a normal command. */
final class Commands {

    private static final int EHLO = CommandLine.verb('E', 'H', 'L', 'O');
    private static final int HELO = CommandLine.verb('H', 'E', 'L', 'O');
    private static final int MAIL = CommandLine.verb('M', 'A', 'I', 'L');
    private static final int RCPT = CommandLine.verb('R', 'C', 'P', 'T');
    private static final int DATA = CommandLine.verb('D', 'A', 'T', 'A');
    private static final int BDAT = CommandLine.verb('B', 'D', 'A', 'T');
    private static final int RSET = CommandLine.verb('R', 'S', 'E', 'T');
    private static final int NOOP = CommandLine.verb('N', 'O', 'O', 'P');
    private static final int QUIT = CommandLine.verb('Q', 'U', 'I', 'T');
    private static final int VRFY = CommandLine.verb('V', 'R', 'F', 'Y');
    private static final int EXPN = CommandLine.verb('E', 'X', 'P', 'N');
    private static final int HELP = CommandLine.verb('H', 'E', 'L', 'P');

    private Commands() {
    }

    static void run(SmtpSession s, CommandLine line) {
        if (line.tooLong() || line.malformed())
            unreadable(s, line);
        else
            dispatch(s, line, line.verb());
    }

    /** Is not obeyed, but may still tell that what follows must not be tried as commands. */
    private static void unreadable(SmtpSession s, CommandLine line) {
        if (SimpleCommands.isHttp(line))
            s.hangUp(Replies.NOT_SMTP);
        else if (line.verb() == BDAT)
            s.hangUp(Replies.BDAT_SYNTAX);
        else
            s.reply(line.tooLong() ? Replies.LINE_TOO_LONG : Replies.BAD_CHARACTERS);
    }

    private static void dispatch(SmtpSession s, CommandLine line, int verb) {
        if (verb == RCPT)
            RcptCommand.run(s, line);
        else if (verb == MAIL)
            MailCommand.run(s, line);
        else if (verb == DATA)
            DataCommands.data(s, line);
        else if (verb == BDAT)
            DataCommands.bdat(s, line);
        else if (verb == EHLO)
            HelloCommands.ehlo(s, line);
        else if (verb == HELO)
            HelloCommands.helo(s, line);
        else if (verb == RSET)
            SimpleCommands.rset(s, line);
        else if (verb == QUIT)
            SimpleCommands.quit(s, line);
        else if (verb == NOOP)
            s.reply(Replies.OK);
        else if (verb == VRFY)
            s.reply(line.hasArgument() ? Replies.CANNOT_VERIFY : Replies.ARGUMENT_MISSING);
        else if (verb == EXPN)
            s.reply(Replies.NOT_IMPLEMENTED);
        else if (verb == HELP)
            s.reply(Replies.HELP);
        else
            SimpleCommands.unknown(s, line);
    }
}
