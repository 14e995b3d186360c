package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A web page can make a browser connect to a mail server on its own machine; what it posts must not become mail. */
@Timeout(30)
class HttpConversationTest {

    private static final String MAIL = "HELO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@dest.example>\r\nDATA\r\n.\r\n";

    @ParameterizedTest
    @ValueSource(strings = { "GET / HTTP/1.1", "POST / HTTP/1.1", "PUT /x HTTP/1.1", "HEAD / HTTP/1.0",
            "OPTIONS * HTTP/1.1", "DELETE / HTTP/1.1", "CONNECT mta.example:25 HTTP/1.1", "PRI * HTTP/2.0",
            "post / HTTP/1.1" })
    void requestEndsTheSession(String request) throws Exception {
        turnedAway(request);
    }

    @Test
    void overlongRequestEndsTheSessionToo() throws Exception {
        turnedAway("POST /" + "a".repeat(3_000) + " HTTP/1.1");
        turnedAway("POST /" + "a".repeat(300_000) + " HTTP/1.1");
    }

    @Test
    void requestWithBareLineEndsTheSessionToo() throws Exception {
        turnedAway("POST / HTTP/1.1\nHost: mta.example\n");
    }

    private static void turnedAway(String request) throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.raw(request + "\r\nHost: mta.example\r\n\r\n" + MAIL);
            t.expect("554 5.5.1 This is SMTP");
            t.expectEnd();
            assertThat(server.nothingTaken()).isTrue();
        }
    }
}
