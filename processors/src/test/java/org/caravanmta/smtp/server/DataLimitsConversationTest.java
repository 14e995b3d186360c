package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that are refused for what they are. The session goes on behind each. */
@Timeout(30)
class DataLimitsConversationTest {

    private static final String HEADER = "Subject: x\r\n\r\n";

    private static void refused(TestServer server, String content, String reply) throws Exception {
        try (var _ = server.start(); var t = server.client()) {
            t.send(content);
            t.expect(reply);
            t.ask("NOOP", "250 2.0.0 OK");
            assertThat(server.nothingTaken()).isTrue();
            assertThat(server.events()).contains("message refused " + reply.substring(0, 3));
            t.send(HEADER);
            t.expect("250 2.6.0 queued");
        }
    }

    @Test
    void declaredSizeIsJudgedAtMail() throws Exception {
        try (var server = new TestServer("max-message-size: 1000").start(); var t = server.client()) {
            t.ask("MAIL FROM:<a@example.com> SIZE=1001", "552 5.3.4 Message too big");
            t.ask("MAIL FROM:<a@example.com> SIZE=99999999999999999999", "552 5.3.4 Message too big");
            t.ask("MAIL FROM:<a@example.com> SIZE=1000", "250 2.1.0 Sender OK");
        }
    }

    @Test
    void actualSizeIsJudgedAtTheEnd() throws Exception {
        String line = "x".repeat(98) + "\r\n";
        String exact = HEADER + line.repeat(9) + "x".repeat(1_000 - HEADER.length() - 902) + "\r\n";
        assertThat(exact).hasSize(1_000);
        try (var server = new TestServer("max-message-size: 1000").start(); var t = server.client()) {
            t.send(exact);
            t.expect("250 2.6.0 queued");
        }
        refused(new TestServer("max-message-size: 1000"), "x" + exact, "552 5.3.4 Message too big");
        refused(new TestServer("max-message-size: 1000"), HEADER + line.repeat(100_000), "552 5.3.4 Message too big");
        refused(new TestServer().rights("always-allow-relaying: yes, max-message-size: 500"), exact,
                "552 5.3.4 Message too big");
    }

    @Test
    void stuffedDotsDoNotCountAsSize() throws Exception {
        try (var server = new TestServer("max-message-size: 30").start(); var t = server.client()) {
            t.send(HEADER + "..\r\n".repeat(5));
            t.expect("250 2.6.0 queued");
            t.send(HEADER + "..\r\n".repeat(6));
            t.expect("552 5.3.4 Message too big");
        }
    }

    @Test
    void headerHasItsOwnLimit() throws Exception {
        String header = "X-Filler: 0123456\r\n".repeat(4096 / 19 - 1);
        String exact = header + "X: " + "y".repeat(4096 - header.length() - 5) + "\r\n";
        assertThat(exact).hasSize(4096);
        try (var server = new TestServer("max-header-size: 4K").start(); var t = server.client()) {
            t.send(exact + "\r\n" + "body\r\n".repeat(2_000));
            t.expect("250 2.6.0 queued");
        }
        refused(new TestServer("max-header-size: 4K"), "X" + exact + "\r\n", "552 5.3.4 Message header too big");
        refused(new TestServer("max-header-size: 4K"), "X: y\r\n".repeat(100_000), "552 5.3.4 Message header too big");
    }

    @Test
    void lineEndsCountInALine() throws Exception {
        try (var server = new TestServer("max-line-length: 1000").start(); var t = server.client()) {
            t.send(HEADER + "x".repeat(998) + "\r\n." + ".".repeat(998) + "\r\n");
            t.expect("250 2.6.0 queued");
        }
        refused(new TestServer("max-line-length: 1000"), HEADER + "x".repeat(999) + "\r\n",
                "550 5.6.0 Line too long in message");
        refused(new TestServer("max-line-length: 1000"), "X".repeat(999) + ": y\r\n\r\n",
                "550 5.6.0 Line too long in message");
        refused(new TestServer("max-line-length: 1000"), HEADER + "x".repeat(1_000_000) + "\r\n",
                "550 5.6.0 Line too long in message");
    }

    @Test
    void nulIsRefused() throws Exception {
        refused(new TestServer(), HEADER + "a\0b\r\n", "550 5.6.0 NUL in message");
        refused(new TestServer(), "X-Job: a\0b\r\n\r\n", "550 5.6.0 NUL in message");
    }

    @Test
    void loopIsNoticed() throws Exception {
        String hop = "Received: from a by b;\r\n\tTue, 3 Nov 2026 04:05:06 +0000\r\n";
        try (var server = new TestServer("max-message-hops: 3").start(); var t = server.client()) {
            t.send(hop.repeat(3) + HEADER + hop);
            t.expect("250 2.6.0 queued");
        }
        refused(new TestServer("max-message-hops: 3"), hop.repeat(3) + "RECEIVED : x\r\n" + HEADER,
                "554 5.4.6 Too many hops");
    }

    @Test
    void refusedMessagesCountAsErrors() throws Exception {
        try (var server = new TestServer("max-errors-per-session: 1").start(); var t = server.client()) {
            t.send(HEADER + "a\0b\r\n");
            t.expect("550 5.6.0 NUL in message");
            t.send(HEADER + "a\0b\r\n");
            t.expect("421 4.7.0 Too many errors");
            t.expectEnd();
        }
    }
}
