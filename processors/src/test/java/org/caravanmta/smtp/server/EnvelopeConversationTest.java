package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MAIL and RCPT. */
@Timeout(30)
class EnvelopeConversationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "<a@example.com>|250 2.1.0 Sender OK", "<>|250 2.1.0 Sender OK",
            "<> SIZE=100 BODY=8BITMIME SMTPUTF8|250 2.1.0 Sender OK", "<a@example.com> body=7bit|250 2.1.0 Sender OK",
            "<a@example.com> BODY=BINARYMIME|555 5.5.4 Parameter not recognized or not implemented",
            "<a@example.com> RET=SOME|501 5.5.4 Bad parameter syntax",
            "<a@example.com> RET=HDRS RET=FULL|501 5.5.4 Bad parameter syntax",
            "<a@example.com> ENVID=a+0D+0Ab|501 5.5.4 Bad parameter syntax",
            "<a@example.com> ENVID=a+2|501 5.5.4 Bad parameter syntax",
            "<a@example.com> AUTH=<>|555 5.5.4 Parameter not recognized or not implemented",
            "<a@example.com> BODY|501 5.5.4 Bad parameter syntax",
            "<a@example.com> SIZE|501 5.5.4 Bad parameter syntax",
            "<a@example.com> SIZE=x|501 5.5.4 Bad parameter syntax",
            "<a@example.com> SIZE=1 SIZE=1|501 5.5.4 Bad parameter syntax",
            "<a@example.com> SMTPUTF8=yes|501 5.5.4 Bad parameter syntax",
            "<a@example.com> =|501 5.5.4 Bad parameter syntax", "a@example.com|501 5.1.7 Bad sender address syntax",
            "' <a@example.com>'|501 5.1.7 Bad sender address syntax",
            "<postmaster>|501 5.1.7 Bad sender address syntax", "''|501 5.1.7 Bad sender address syntax",
            "<j\u00fcrgen@example.com>|553 5.6.7 Address needs SMTPUTF8",
            "<j\u00fcrgen@example.com> SMTPUTF8|250 2.1.0 Sender OK" })
    void eachMailHasItsReply(String argument, String reply) throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.ask("MAIL FROM:" + argument, reply);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "<b@dest.example>|250 2.1.5 Recipient OK",
            "<@relay.example,@other.example:b@dest.example>|250 2.1.5 Recipient OK",
            "<\"b c\"@dest.example>|250 2.1.5 Recipient OK", "<b@[192.0.2.1]>|250 2.1.5 Recipient OK",
            "<b@dest.example> NOTIFY=NEVER,FAILURE|501 5.5.4 Bad parameter syntax",
            "<b@dest.example> NOTIFY=DELAY,DELAY|501 5.5.4 Bad parameter syntax",
            "<b@dest.example> NOTIFY|501 5.5.4 Bad parameter syntax",
            "<b@dest.example> RET=FULL|555 5.5.4 Parameter not recognized or not implemented",
            "<b@dest.example> ORCPT=rfc822;b+0Ac|501 5.5.4 Bad parameter syntax",
            "<b@dest.example> ORCPT=b@dest.example|501 5.5.4 Bad parameter syntax",
            "<b@dest.example> =x|501 5.5.4 Bad parameter syntax", "<>|501 5.1.3 Bad recipient address syntax",
            "b@dest.example|501 5.1.3 Bad recipient address syntax", "<b>|501 5.1.3 Bad recipient address syntax",
            "<postmaster>|550 5.1.1 No mailboxes here: recipient needs a domain",
            "<b@b\u00fccher.example>|553 5.6.7 Address needs SMTPUTF8" })
    void eachRcptHasItsReply(String argument, String reply) throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.mail();
            t.ask("RCPT TO:" + argument, reply);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "MAIL", "MAIL <a@example.com>", "MAIL TO:<a@example.com>", "MAIL FROM <a@example.com>" })
    void mailSaysFrom(String line) throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.ask(line, "501 5.5.4 Syntax: MAIL FROM:<address> [parameters]");
        }
    }

    @Test
    void rcptSaysTo() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.mail();
            t.ask("RCPT <b@dest.example>", "501 5.5.4 Syntax: RCPT TO:<address> [parameters]");
        }
    }

    @Test
    void envelopeArrivesAsItWasWritten() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.ask("MAIL FROM:<@relay.example:J\u00fcrgen@B\u00fccher.example> SMTPUTF8 BODY=8BITMIME",
                    "250 2.1.0 Sender OK");
            t.ask("RCPT TO:<B@Dest.Example>", "250 2.1.5 Recipient OK");
            t.ask("RCPT TO:<B@Dest.Example>", "250 2.1.5 Recipient OK");
            t.ask("RCPT TO:<@relay.example:\u4f60@dest.example>", "250 2.1.5 Recipient OK");
            t.ask("DATA", "354 End data with <CR><LF>.<CR><LF>");
            t.ask(".", "250 2.6.0 queued");
            var m = server.taken().message();
            assertThat(m.reversePath()).isEqualTo("J\u00fcrgen@B\u00fccher.example");
            assertThat(m.recipients()).extracting(Recipient::address).containsExactly("B@Dest.Example",
                    "B@Dest.Example", "\u4f60@dest.example");
            assertThat(m.smtpUtf8()).isTrue();
            assertThat(m.bodyType()).as("the bytes decide, not what was declared").isEqualTo(BodyType.SEVEN_BIT);
            assertThat(m.clientName()).isEqualTo("client.example");
            assertThat(m.clientAddress().getHostAddress()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void nullReversePathIsNull() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.ask("MAIL FROM:<>", "250 2.1.0 Sender OK");
            t.ask("RCPT TO:<b@dest.example>", "250 2.1.5 Recipient OK");
            t.ask("DATA", "354 End data with <CR><LF>.<CR><LF>");
            t.ask(".", "250 2.6.0 queued");
            assertThat(server.taken().message().reversePath()).isNull();
        }
    }

    @Test
    void recipientsBeyondTheLimitGoWithTheNextMessage() throws Exception {
        try (var server = new TestServer("max-rcpt-per-message: 2").start(); var t = server.client()) {
            t.envelope();
            t.ask("RCPT TO:<c@dest.example>", "250 2.1.5 Recipient OK");
            t.ask("RCPT TO:<d@dest.example>", "452 4.5.3 Too many recipients");
            t.ask("RCPT TO:<e@dest.example>", "452 4.5.3 Too many recipients");
            t.ask("DATA", "354 End data with <CR><LF>.<CR><LF>");
            t.ask(".", "250 2.6.0 queued");
            assertThat(server.taken().message().recipients()).hasSize(2);
            t.envelope();
        }
    }

    @Test
    void strangersRelayNothing() throws Exception {
        try (var server = new TestServer().rights("process-x-virtual-mta: yes").start(); var t = server.client()) {
            t.mail();
            t.ask("RCPT TO:<b@dest.example>", "550 5.7.1 Relaying denied");
            t.ask("RCPT TO:<postmaster>", "550 5.7.1 Relaying denied");
            t.ask("DATA", "554 5.5.1 No valid recipients");
        }
    }

    @Test
    void rightsBelongToTheClientsAddress() throws Exception {
        String rights = "always-allow-relaying: yes }, 127.0.0.9: { always-allow-relaying: no";
        try (var server = new TestServer().rights(rights).start();
                var friend = server.client();
                var stranger = server.connect("127.0.0.9")) {
            stranger.hello();
            stranger.mail();
            stranger.ask("RCPT TO:<b@dest.example>", "550 5.7.1 Relaying denied");
            friend.envelope();
        }
    }

    @Test
    void reloadHoldsFromTheNextMail() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.mail();
            server.reload("always-allow-relaying: no", "");
            t.ask("RCPT TO:<b@dest.example>", "250 2.1.5 Recipient OK");
            t.ask("RSET", "250 2.0.0 OK");
            t.mail();
            t.ask("RCPT TO:<b@dest.example>", "550 5.7.1 Relaying denied");
        }
    }

    @Test
    void withoutStorageMailIsRefusedForNow() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            server.refuse(Reply.of(452, "4.3.1", "Insufficient system storage, try again later"));
            t.ask("MAIL FROM:<a@example.com>", "452 4.3.1 Insufficient system storage, try again later");
            t.ask("RCPT TO:<b@dest.example>", "503 5.5.1 MAIL first");
            server.refuse(null);
            t.envelope();
        }
    }
}
