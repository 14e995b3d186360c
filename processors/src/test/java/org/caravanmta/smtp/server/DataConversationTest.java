package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.message.BodyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What arrives of a message that comes with DATA. */
@Timeout(30)
class DataConversationTest {

    private static final String HEADER = "Subject: x\r\n\r\n";

    private static void arrives(String onTheWire, String content) throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.send(onTheWire);
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().text()).isEqualTo(content);
            t.quit();
        }
    }

    @Test
    void stuffedDotsAreTakenOut() throws Exception {
        arrives(HEADER + "..\r\n", HEADER + ".\r\n");
        arrives(HEADER + "...a\r\n..\r\n.b\r\nc.\r\n", HEADER + "..a\r\n.\r\nb\r\nc.\r\n");
        arrives("..Subject: x\r\n", ".Subject: x\r\n");
        arrives(HEADER + "a .\r\n. b\r\n", HEADER + "a .\r\n b\r\n");
    }

    @Test
    void everyOtherByteIsUnchanged() throws Exception {
        StringBuilder body = new StringBuilder(HEADER);
        for (char c = 1; c < 256; c++)
            if (c != '\r' && c != '\n')
                body.append("byte: ").append(c).append(c).append(" \t\r\n");
        arrives(body.toString(), body.toString());
    }

    @Test
    void emptyMessageBecomesABlankLine() throws Exception {
        arrives("", "\r\n");
    }

    @Test
    void bytesDecideTheBodyType() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.send(HEADER + "plain\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().message().bodyType()).isEqualTo(BodyType.SEVEN_BIT);
            t.send(HEADER + "much longer than a word, then one \u00e9\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().message().bodyType()).isEqualTo(BodyType.EIGHT_BIT_MIME);
        }
    }

    @Test
    void messagesFollowEachOther() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            for (int i = 0; i < 50; i++) {
                t.send("Subject: " + i + "\r\n\r\n");
                t.expect("250 2.6.0 queued");
                assertThat(server.taken().text()).isEqualTo("Subject: " + i + "\r\n\r\n");
            }
            assertThat(server.events()).hasSize(1 + 2 * 50).startsWith("accepted 127.0.0.1", "submitted 1",
                    "answered 250");
        }
    }

    /** Inline up to the limit, else header in memory and body in a file: the bytes are the same. */
    @Test
    void everySizeAroundTheInlineLimitArrives() throws Exception {
        try (var server = new TestServer().inlineLimitBytes(5_000).start(); var t = server.client()) {
            String line = "0123456789abcdef0123456789abcdef0123456789abcdef\r\n";
            for (int bytes = 4_900; bytes < 5_120; bytes++) {
                String content = (HEADER + line.repeat(110)).substring(0, bytes - 3) + "x\r\n";
                content = content.replaceAll("\r(?!\n)", "y");
                t.send(content);
                t.expect("250 2.6.0 queued");
                assertThat(server.taken().text()).isEqualTo(content);
            }
        }
    }

    @Test
    void headerLongerThanTheInlineLimitArrives() throws Exception {
        try (var server = new TestServer().inlineLimitBytes(5_000).start(); var t = server.client()) {
            String header = "X-Long: 0123456789\r\n".repeat(1_000);
            String body = "\r\n" + "text\r\n".repeat(2_000);
            t.send(header + "X-Job: 7\r\n" + body);
            t.expect("250 2.6.0 queued");
            var taken = server.taken();
            assertThat(taken.text()).isEqualTo(header + body);
            assertThat(taken.message().jobId()).isEqualTo("7");
        }
    }
}
