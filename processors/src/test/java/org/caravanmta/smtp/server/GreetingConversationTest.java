package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** From the connection to EHLO. */
@ParameterizedClass
@EnumSource(TestServer.Transport.class)
@Timeout(30)
class GreetingConversationTest {

    @Parameter
    TestServer.Transport transport;

    private TestServer server(String... directives) {
        return new TestServer(directives).transport(transport);
    }

    @Test
    void ehloListsTheExtensions() throws Exception {
        try (var server = server("max-message-size: 10M").start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("EHLO client.example", "250-mta.example", "250-PIPELINING", "250-SIZE 10485760", "250-8BITMIME",
                    "250-SMTPUTF8", "250-CHUNKING", "250-DSN", "250 ENHANCEDSTATUSCODES");
            t.quit();
        }
    }

    @Test
    void sizeIsTheSmallerOfSourceAndGateway() throws Exception {
        try (var server = server("max-message-size: 10M").rights("max-message-size: 1000").start();
                var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("EHLO client.example", "250-mta.example", "250-PIPELINING", "250-SIZE 1000");
        }
    }

    @Test
    void withoutALimitSizeIsZero() throws Exception {
        try (var server = server().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("EHLO client.example", "250-mta.example", "250-PIPELINING", "250-SIZE 0");
        }
    }

    @Test
    void heloOffersNothing() throws Exception {
        try (var server = server().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("HELO client.example", "250 mta.example");
            t.ask("MAIL FROM:<a@example.com> SIZE=10", "555 5.5.4 Parameter not recognized or not implemented");
            t.envelope();
        }
    }

    @Test
    void clientThatSpeaksFirstIsTurnedAway() throws Exception {
        try (var server = server().start()) {
            server.holdConnections();
            try (var t = server.connect()) {
                t.say("EHLO client.example");
                server.acceptConnections();
                t.expect("554 5.5.1 Client spoke before the greeting");
                t.expectEnd();
            }
        }
    }

    @Test
    void sourceWithoutServiceHears521() throws Exception {
        try (var server = server().rights("smtp-service: no, always-allow-relaying: yes").start();
                var t = server.connect()) {
            t.expect("521 5.3.2 This host takes no mail from you");
            t.expectEnd();
            assertThat(server.context().openConnections()).isZero();
            assertThat(server.events()).containsExactly("refused 521");
        }
    }

    @Test
    void connectionsAreObserved() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            assertThat(server.context().openConnections()).isOne();
            t.quit();
            t.leave();
            TestServer.eventually("closed", () -> server.events().size() > 1);
            assertThat(server.context().openConnections()).isZero();
            assertThat(server.events()).containsExactly("accepted 127.0.0.1", "closed 127.0.0.1");
        }
    }
}
