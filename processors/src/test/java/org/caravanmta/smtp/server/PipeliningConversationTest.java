package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many commands in a segment, many segments for a command (RFC 2920). */
@ParameterizedClass
@EnumSource(TestServer.Transport.class)
@Timeout(30)
class PipeliningConversationTest {

    private static final String CONVERSATION = "EHLO client.example\r\nMAIL FROM:<a@example.com>\r\n"
            + "RCPT TO:<b@dest.example>\r\nRCPT TO:<nonsense>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\n"
            + "MAIL FROM:<>\r\nRCPT TO:<c@dest.example>\r\nBDAT 14\r\nSubject: y\r\n\r\nBDAT 6 LAST\r\n.\r\nz\r\n"
            + "NOOP\r\nQUIT\r\n";
    private static final String[] REPLIES = { "250-mta.example", "250-PIPELINING", "250-SIZE 0", "250-8BITMIME",
            "250-SMTPUTF8", "250-CHUNKING", "250-DSN", "250 ENHANCEDSTATUSCODES", "250 2.1.0 Sender OK",
            "250 2.1.5 Recipient OK", "501 5.1.3 Bad recipient address syntax",
            "354 End data with <CR><LF>.<CR><LF>", "250 2.6.0 queued", "250 2.1.0 Sender OK",
            "250 2.1.5 Recipient OK", "250 2.0.0 Chunk received", "250 2.6.0 queued",
            "250 2.0.0 OK", "221 2.0.0 Bye" };

    @Parameter
    TestServer.Transport transport;

    private TestServer server() {
        return new TestServer().transport(transport);
    }

    private static void outcome(TestServer server, Talk t) throws Exception {
        t.expect(REPLIES);
        t.expectEnd();
        assertThat(server.taken().text()).isEqualTo("Subject: x\r\n\r\n.\r\n");
        assertThat(server.taken().text()).isEqualTo("Subject: y\r\n\r\n.\r\nz\r\n");
        assertThat(server.nothingTaken()).isTrue();
    }

    @Test
    void everythingInOneSegment() throws Exception {
        try (var server = server().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.raw(CONVERSATION);
            outcome(server, t);
        }
    }

    @Test
    void oneByteInEachSegment() throws Exception {
        try (var server = server().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            for (int i = 0; i < CONVERSATION.length(); i++)
                t.segment(CONVERSATION.substring(i, i + 1));
            outcome(server, t);
        }
    }

    @Test
    void answersThatComeLaterChangeNothing() throws Exception {
        try (var server = server().answer(t -> Thread.ofVirtual().start(() -> t.answer(Submissions.QUEUED))).start();
                var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.raw(CONVERSATION);
            outcome(server, t);
        }
    }

    @Test
    void commandsBehindTheDotWaitForTheAnswer() throws Exception {
        try (var server = server().answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            t.send("Subject: x\r\n\r\n");
            t.say("MAIL FROM:<>", "RCPT TO:<b@dest.example>", "DATA", "Subject: y", "", ".", "NOOP");
            var first = server.taken();
            server.segments().awaitAll();
            assertThat(t.silent()).isTrue();
            assertThat(server.nothingTaken()).isTrue();
            first.answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued", "250 2.1.0 Sender OK", "250 2.1.5 Recipient OK",
                    "354 End data with <CR><LF>.<CR><LF>");
            var second = server.taken();
            server.inLoop(() -> true);
            assertThat(t.silent()).isTrue();
            second.answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued", "250 2.0.0 OK");
            t.quit();
        }
    }

    /** Refusals leave the rest of the batch readable (RFC 2920 §3.2). */
    @Test
    void refusedTransactionInOneSegment() throws Exception {
        try (var server = server().rights("always-allow-relaying: no").start(); var t = server.client()) {
            t.say("MAIL FROM:<a@example.com>", "RCPT TO:<b@dest.example>", "DATA", "RSET", "NOOP");
            t.expect("250 2.1.0 Sender OK", "550 5.7.1 Relaying denied", "554 5.5.1 No valid recipients",
                    "250 2.0.0 OK", "250 2.0.0 OK");
        }
    }
}
