package org.caravanmta.smtp.server;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names a client may give itself: what it says ends up in Received. */
@Timeout(30)
class HelloConversationTest {

    @ParameterizedTest
    @ValueSource(strings = { "client.example", "localhost", "[127.0.0.1]", "[IPv6:2001:db8::1]", "win_host",
            "client.example " })
    void nameOrLiteralIsTaken(String name) throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("HELO " + name, "250 mta.example");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { " client.example", "two words", "a(b)", "a;b", "a\tb", "<a>", "b\u00fccher.example",
            "a[b]", "[[a]]" })
    void whatCouldBendAReceivedFieldIsRefused(String name) throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("EHLO " + name, "501 5.5.4 Domain or address literal expected");
            t.ask("MAIL FROM:<a@example.com>", "503 5.5.1 EHLO or HELO first");
        }
    }

    @Test
    void nameIsNeededAndNotEndless() throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("EHLO", "501 5.5.4 Argument missing");
            t.ask("HELO ", "501 5.5.4 Argument missing");
            t.ask("HELO " + "a".repeat(256), "501 5.5.4 Domain or address literal expected");
            t.ask("HELO " + "a".repeat(255), "250 mta.example");
        }
    }

    @Test
    void ehloEndsTheTransaction() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            t.ask("HELO client.example", "250 mta.example");
            t.ask("DATA", "503 5.5.1 MAIL first");
            t.envelope();
        }
    }

    @Test
    void refusedEhloLeavesTheTransactionAlone() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.envelope();
            t.ask("EHLO", "501 5.5.4 Argument missing");
            t.ask("DATA", "354 End data with <CR><LF>.<CR><LF>");
        }
    }
}
