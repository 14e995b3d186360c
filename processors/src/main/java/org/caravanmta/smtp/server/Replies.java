package org.caravanmta.smtp.server;

import java.nio.charset.StandardCharsets;

import org.caravanmta.submission.intake.Refusals;

/** Every fixed reply of the server, encoded once. */
final class Replies {

    static final byte[] SHUTTING_DOWN = line("421 4.3.2 Service shutting down, try again later");
    static final byte[] TOO_MANY_CONNECTIONS = line("421 4.3.2 Too many connections, try again later");
    static final byte[] TOO_MANY_FROM_CLIENT = line("421 4.7.0 Too many connections from your address");
    static final byte[] NO_SERVICE = line("521 5.3.2 This host takes no mail from you");
    static final byte[] SPOKE_TOO_EARLY = line("554 5.5.1 Client spoke before the greeting");
    static final byte[] BEHIND_STARTTLS = line("554 5.5.1 Nothing may follow STARTTLS before the handshake");
    static final byte[] NOT_SMTP = line("554 5.5.1 This is SMTP");
    static final byte[] TIMEOUT = line("421 4.4.2 Timeout, closing connection");
    static final byte[] TOO_MANY_ERRORS = line("421 4.7.0 Too many errors");
    static final byte[] BROKEN = line("421 4.3.0 Internal error, closing connection");

    static final byte[] OK = line("250 2.0.0 OK");
    static final byte[] SENDER_OK = line("250 2.1.0 Sender OK");
    static final byte[] RECIPIENT_OK = line("250 2.1.5 Recipient OK");
    static final byte[] CHUNK_OK = line("250 2.0.0 Chunk received");
    static final byte[] BYE = line("221 2.0.0 Bye");
    static final byte[] READY_FOR_TLS = line("220 2.0.0 Ready to start TLS");
    static final byte[] HELP = line("214 2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT (RFC 5321)");
    static final byte[] CANNOT_VERIFY = line("252 2.5.0 Cannot verify, but mail for it may be relayed");
    static final byte[] START_DATA = line("354 End data with <CR><LF>.<CR><LF>");

    static final byte[] UNKNOWN_COMMAND = line("500 5.5.1 Command not recognized");
    static final byte[] LINE_TOO_LONG = line("500 5.5.2 Line too long");
    static final byte[] BAD_CHARACTERS = line("500 5.5.2 Bare CR, bare LF or NUL in command");
    static final byte[] ARGUMENT_MISSING = line("501 5.5.4 Argument missing");
    static final byte[] NO_ARGUMENTS = line("501 5.5.4 Command takes no argument");
    static final byte[] BAD_HELLO = line("501 5.5.4 Domain or address literal expected");
    static final byte[] MAIL_SYNTAX = line("501 5.5.4 Syntax: MAIL FROM:<address> [parameters]");
    static final byte[] RCPT_SYNTAX = line("501 5.5.4 Syntax: RCPT TO:<address> [parameters]");
    static final byte[] BDAT_SYNTAX = line("501 5.5.4 Syntax: BDAT octets [LAST]");
    static final byte[] PARAMETER_SYNTAX = line("501 5.5.4 Bad parameter syntax");
    static final byte[] UNKNOWN_PARAMETER = line("555 5.5.4 Parameter not recognized or not implemented");
    static final byte[] NOT_IMPLEMENTED = line("502 5.5.1 Command not implemented");
    static final byte[] HELLO_FIRST = line("503 5.5.1 EHLO or HELO first");
    static final byte[] EHLO_FIRST = line("503 5.5.1 EHLO first");
    static final byte[] TLS_ALREADY = line("503 5.5.1 TLS is spoken already");
    static final byte[] NESTED_MAIL = line("503 5.5.1 Transaction already begun");
    static final byte[] MAIL_FIRST = line("503 5.5.1 MAIL first");
    static final byte[] CHUNKS_BEGUN = line("503 5.5.1 BDAT begun: only BDAT or RSET");

    static final byte[] NOT_TAKEN = ReplyEncoder.encode(Refusals.NOT_TAKEN);
    static final byte[] SENDER_SYNTAX = ReplyEncoder.encode(Refusals.SENDER_SYNTAX);
    static final byte[] NO_RECIPIENTS = ReplyEncoder.encode(Refusals.NO_RECIPIENTS);
    static final byte[] RECIPIENT_SYNTAX = ReplyEncoder.encode(Refusals.RECIPIENT_SYNTAX);
    static final byte[] NEEDS_SMTPUTF8 = ReplyEncoder.encode(Refusals.NEEDS_SMTPUTF8);
    static final byte[] TOO_BIG = ReplyEncoder.encode(Refusals.TOO_BIG);

    private Replies() {
    }

    static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    static int code(byte[] reply) {
        return (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + reply[2] - '0';
    }
}
