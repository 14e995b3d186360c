package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands outside a transaction, commands out of order, and what is no command. */
@Timeout(30)
class CommandConversationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "NOOP|250 2.0.0 OK", "noop anything|250 2.0.0 OK", "RSET|250 2.0.0 OK",
            "RSET now|501 5.5.4 Command takes no argument", "QUIT now|501 5.5.4 Command takes no argument",
            "VRFY b|252 2.5.0 Cannot verify, but mail for it may be relayed", "VRFY|501 5.5.4 Argument missing",
            "EXPN list|502 5.5.1 Command not implemented",
            "HELP|214 2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT (RFC 5321)",
            "TURN|500 5.5.1 Command not recognized", "STARTTLS|500 5.5.1 Command not recognized",
            "AUTH PLAIN|500 5.5.1 Command not recognized", "DATAX|500 5.5.1 Command not recognized",
            "''|500 5.5.1 Command not recognized", "'   '|500 5.5.1 Command not recognized",
            "Received: from|500 5.5.1 Command not recognized" })
    void eachHasItsReply(String line, String reply) throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask(line, reply);
            t.ask("NOOP", "250 2.0.0 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "MAIL FROM:<a@example.com>", "RCPT TO:<b@dest.example>", "DATA" })
    void nothingGoesBeforeEhlo(String line) throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask(line, "503 5.5.1 EHLO or HELO first");
        }
    }

    @Test
    void transactionHasItsOrder() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.ask("RCPT TO:<b@dest.example>", "503 5.5.1 MAIL first");
            t.ask("DATA", "503 5.5.1 MAIL first");
            t.mail();
            t.ask("MAIL FROM:<c@example.com>", "503 5.5.1 Transaction already begun");
            t.ask("DATA", "554 5.5.1 No valid recipients");
            t.ask("DATA now", "501 5.5.4 Command takes no argument");
            t.ask("RCPT TO:<b@dest.example>", "250 2.1.5 Recipient OK");
            t.ask("RSET", "250 2.0.0 OK");
            t.ask("RCPT TO:<b@dest.example>", "503 5.5.1 MAIL first");
            t.send("Subject: x\r\n\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().message().reversePath()).isEqualTo("a@example.com");
        }
    }

    @Test
    void verbsHaveNoCase() throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("hElO client.example", "250 mta.example");
            t.ask("mail from:<a@example.com>", "250 2.1.0 Sender OK");
            t.ask("Rcpt To:<b@dest.example>", "250 2.1.5 Recipient OK");
            t.ask("data", "354 End data with <CR><LF>.<CR><LF>");
            t.ask(".", "250 2.6.0 queued");
            t.ask("quit", "221 2.0.0 Bye");
            t.expectEnd();
        }
    }

    @Test
    void onlyCrLfEndsACommand() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.raw("NOOP\nNOOP\r\n");
            t.expect("500 5.5.2 Bare CR, bare LF or NUL in command");
            t.raw("NOOP\rNOOP\r\n");
            t.expect("500 5.5.2 Bare CR, bare LF or NUL in command");
            t.raw("NOOP\r\r\n");
            t.expect("500 5.5.2 Bare CR, bare LF or NUL in command");
            t.raw("NO\0OP\r\n");
            t.expect("500 5.5.2 Bare CR, bare LF or NUL in command");
            t.ask("NOOP", "250 2.0.0 OK");
        }
    }

    @Test
    void overlongLineIsOneError() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.ask("NOOP " + "x".repeat(CommandLine.MAX_LENGTH - 7), "250 2.0.0 OK");
            t.ask("NOOP " + "x".repeat(CommandLine.MAX_LENGTH - 6), "500 5.5.2 Line too long");
            t.ask("NOOP " + "x".repeat(500_000), "500 5.5.2 Line too long");
            t.ask("NOOP", "250 2.0.0 OK");
        }
    }

    @Test
    void quitEndsTheSessionWhateverFollows() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.say("QUIT", "NOOP", "MAIL FROM:<a@example.com>");
            t.expect("221 2.0.0 Bye");
            t.expectEnd();
        }
    }

    @Test
    void tooManyErrorsEndTheSession() throws Exception {
        try (var server = new TestServer("max-errors-per-session: 3").start(); var t = server.client()) {
            for (int i = 0; i < 3; i++)
                t.ask("NONSENSE", "500 5.5.1 Command not recognized");
            t.ask("NOOP", "250 2.0.0 OK");
            t.ask("NONSENSE", "421 4.7.0 Too many errors");
            t.expectEnd();
        }
    }

    @Test
    void errorsMayBeUnlimited() throws Exception {
        try (var server = new TestServer("max-errors-per-session: 0").start(); var t = server.client()) {
            for (int i = 0; i < 100; i++)
                t.ask("NONSENSE", "500 5.5.1 Command not recognized");
        }
    }
}
