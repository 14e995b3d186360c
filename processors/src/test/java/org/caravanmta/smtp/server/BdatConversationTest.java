package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in chunks (RFC 3030). */
@Timeout(30)
class BdatConversationTest {

    private static final String CHUNK = "250 2.0.0 Chunk received";
    private static final String QUEUED = "250 2.6.0 queued";
    private static final String HEADER = "Subject: x\r\n\r\n";

    private static void chunk(Talk t, String octets, String reply) throws IOException {
        t.raw("BDAT " + octets.length() + "\r\n" + octets);
        t.expect(reply);
    }

    private static void last(Talk t, String octets, String reply) throws IOException {
        t.raw("BDAT " + octets.length() + " LAST\r\n" + octets);
        t.expect(reply);
    }

    @Test
    void chunksMakeOneMessage() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            chunk(t, HEADER, CHUNK);
            chunk(t, "", CHUNK);
            chunk(t, "one\r", CHUNK);
            chunk(t, "\ntwo", CHUNK);
            last(t, " three\r\n", QUEUED);
            assertThat(server.taken().text()).isEqualTo(HEADER + "one\r\ntwo three\r\n");
            t.ask("DATA", "503 5.5.1 MAIL first");
        }
    }

    @Test
    void lastChunkMayBeEmpty() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            chunk(t, HEADER + "text\r\n", CHUNK);
            t.ask("bdat 0 last", QUEUED);
            assertThat(server.taken().text()).isEqualTo(HEADER + "text\r\n");
            t.envelope();
            t.ask("BDAT 0 LAST", QUEUED);
            assertThat(server.taken().text()).isEqualTo("\r\n");
        }
    }

    @Test
    void dotsMeanNothing() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            String content = HEADER + ".\r\n..\r\n.\r\nQUIT\r\n";
            last(t, content, QUEUED);
            assertThat(server.taken().text()).isEqualTo(content);
        }
    }

    @Test
    void missingLineEndIsAdded() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            last(t, HEADER + "text", QUEUED);
            assertThat(server.taken().text()).isEqualTo(HEADER + "text\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "a\nb\r\n", "a\rb\r\n", "a\r\n.\n", "text\r", "\n", "\r" })
    void lineEndsAreAsStrictAsInData(String body) throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            chunk(t, HEADER, CHUNK);
            last(t, body, "550 5.6.0 Bare CR or bare LF in message: lines end in CR LF");
            t.ask("NOOP", "250 2.0.0 OK");
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    @Test
    void onlyBdatOrRsetGoOnBetweenChunks() throws Exception {
        String only = "503 5.5.1 BDAT begun: only BDAT or RSET";
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            chunk(t, HEADER, CHUNK);
            t.ask("DATA", only);
            t.ask("RCPT TO:<c@dest.example>", only);
            t.ask("MAIL FROM:<c@example.com>", only);
            t.ask("NOOP", "250 2.0.0 OK");
            t.ask("RSET", "250 2.0.0 OK");
            t.send("Subject: y\r\n\r\n");
            t.expect(QUEUED);
            assertThat(server.taken().text()).isEqualTo("Subject: y\r\n\r\n");
        }
    }

    @Test
    void octetsOfARefusedChunkAreNoCommands() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            chunk(t, "QUIT\r\nQUIT\r\n", "503 5.5.1 MAIL first");
            t.mail();
            last(t, "QUIT\r\nQUIT\r\n", "554 5.5.1 No valid recipients");
            t.ask("RCPT TO:<b@dest.example>", "250 2.1.5 Recipient OK");
            last(t, HEADER, QUEUED);
        }
    }

    @Test
    void ehloComesFirst() throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            chunk(t, "QUIT\r\n", "503 5.5.1 EHLO or HELO first");
            t.ask("BDAT 0", "503 5.5.1 EHLO or HELO first");
        }
    }

    /** A client that pipelines its chunks hears one refusal for each, and is understood again behind them. */
    @Test
    void messageThatIsTooBigIsRefusedAtOnce() throws Exception {
        try (var server = new TestServer("max-message-size: 1000").start(); var t = server.client()) {
            t.envelope();
            String octets = HEADER + "x".repeat(500) + "\r\n";
            t.raw(("BDAT " + octets.length() + "\r\n" + octets).repeat(3) + "BDAT 0 LAST\r\nNOOP\r\n");
            t.expect(CHUNK, "552 5.3.4 Message too big", "503 5.5.1 MAIL first", "503 5.5.1 MAIL first",
                    "250 2.0.0 OK");
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "BDAT", "BDAT ", "BDAT x", "BDAT -1", "BDAT 1x", "BDAT 1 FIRST", "BDAT 1  LAST",
            "BDAT 1 LAST x", "BDAT LAST", "BDAT 123456789012345678901", "BDAT 1\0", "BDAT 1\r", "BDAT 1\n" })
    void withoutACountNobodyKnowsWhereTheNextCommandBegins(String line) throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            t.say(line, "NOOP");
            t.expect("501 5.5.4 Syntax: BDAT octets [LAST]");
            t.expectEnd();
        }
    }

    @Test
    void overlongBdatEndsTheSessionToo() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.say("BDAT 1 " + "x".repeat(3_000), "NOOP");
            t.expect("501 5.5.4 Syntax: BDAT octets [LAST]");
            t.expectEnd();
        }
    }

    @Test
    void endlessChunkIsReadInConstantMemory() throws Exception {
        try (var server = new TestServer("max-message-size: 1000").start(); var t = server.client()) {
            t.envelope();
            t.raw("BDAT 99999999999999999999 LAST\r\n");
            byte[] octets = new byte[1_000_000];
            for (int i = 0; i < 20; i++)
                t.raw(octets);
            server.segments().awaitAll();
            assertThat(server.spooled()).isEmpty();
        }
    }
}
