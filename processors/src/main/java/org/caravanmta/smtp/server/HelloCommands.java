package org.caravanmta.smtp.server;

/** EHLO and HELO (RFC 5321 §4.1.1.1). Both end a transaction. */
final class HelloCommands {

    private HelloCommands() {
    }

    static void ehlo(SmtpSession s, CommandLine line) {
        if (!introduce(s, line, true))
            return;
        s.reply(Replies
                .line("250-" + s.config().hostName() + "\r\n250-PIPELINING\r\n250-SIZE " + s.maxMessageSizeBytes()
                        + (s.offersTls() ? "\r\n250-STARTTLS" : "")
                        + "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES"));
    }

    static void helo(SmtpSession s, CommandLine line) {
        if (introduce(s, line, false))
            s.reply(Replies.line("250 " + s.config().hostName()));
    }

    private static boolean introduce(SmtpSession s, CommandLine line, boolean extended) {
        if (!line.hasArgument()) {
            s.reply(Replies.ARGUMENT_MISSING);
            return false;
        }
        int from = line.argument();
        int to = line.end();
        if (!name(line.bytes(), from, to)) {
            s.reply(Replies.BAD_HELLO);
            return false;
        }
        s.introduce(line.ascii(from, to), extended);
        return true;
    }

    /** Looser than a domain (underscores occur), but nothing that could bend a Received field. */
    private static boolean name(byte[] a, int from, int to) {
        if (to - from > 255)
            return false;
        for (int i = from; i < to; i++) {
            int b = a[i];
            boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-'
                    || b == '_' || b == ':';
            boolean bracket = b == '[' && i == from || b == ']' && i == to - 1;
            if (!plain && !bracket)
                return false;
        }
        return true;
    }
}
