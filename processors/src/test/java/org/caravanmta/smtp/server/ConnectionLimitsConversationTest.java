package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many sessions there may be at a time. */
@Timeout(30)
class ConnectionLimitsConversationTest {

    @Test
    void totalHolds() throws Exception {
        try (var server = new TestServer("total-max-smtp-in: 2").start();
                var first = server.client();
                var second = server.client();
                var third = server.connect()) {
            third.expect("421 4.3.2 Too many connections, try again later");
            third.expectEnd();
            assertThat(server.context().openConnections()).isEqualTo(2);
            assertThat(server.events()).contains("refused 421");
            first.ask("NOOP", "250 2.0.0 OK");
            second.quit();
            second.leave();
            TestServer.eventually("a place is free", () -> server.context().openConnections() == 1);
            try (var next = server.client()) {
                next.envelope();
            }
        }
    }

    @Test
    void eachClientAddressHasItsShare() throws Exception {
        try (var server = new TestServer("max-smtp-in-per-client: 1").start();
                var first = server.client();
                var again = server.connect();
                var other = server.connect("127.0.0.2")) {
            again.expect("421 4.7.0 Too many connections from your address");
            again.expectEnd();
            other.hello();
            first.quit();
            first.leave();
            TestServer.eventually("a place is free", () -> server.context().openConnections() == 1);
            try (var next = server.client()) {
                next.envelope();
            }
        }
    }

    @Test
    void refusedConnectionsTakeNoPlace() throws Exception {
        try (var server = new TestServer("total-max-smtp-in: 1").start(); var t = server.client()) {
            for (int i = 0; i < 5; i++) {
                try (var refused = server.connect()) {
                    refused.expect("421 4.3.2 Too many connections, try again later");
                }
            }
            assertThat(server.context().openConnections()).isOne();
            t.quit();
        }
    }

    @Test
    void zeroIsUnlimited() throws Exception {
        try (var server = new TestServer("total-max-smtp-in: 0", "max-smtp-in-per-client: 0").start()) {
            Talk[] clients = new Talk[120];
            for (int i = 0; i < clients.length; i++)
                clients[i] = server.client();
            assertThat(server.context().openConnections()).isEqualTo(clients.length);
            for (Talk t : clients)
                t.leave();
        }
    }
}
