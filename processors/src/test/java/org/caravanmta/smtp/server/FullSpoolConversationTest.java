package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A spool folder that cannot be written to costs the large messages a retry, and nobody else anything. */
@Timeout(30)
class FullSpoolConversationTest {

    private static final String SMALL = "Subject: x\r\n\r\n";
    private static final String LARGE = SMALL + "0123456789abcdef\r\n".repeat(1_000);

    @Test
    void largeMessageIsToBeTriedAgain() throws Exception {
        try (var server = new TestServer().inlineLimitBytes(5_000).start(); var t = server.client()) {
            Files.delete(server.spool());
            t.send(LARGE);
            t.expect("452 4.3.1 Insufficient system storage, try again later");
            t.send(SMALL);
            t.expect("250 2.6.0 queued");
            Files.createDirectory(server.spool());
            t.send(LARGE);
            t.expect("250 2.6.0 queued");
            assertThat(List.of(server.taken().text(), server.taken().text())).containsExactly(SMALL, LARGE);
        }
    }
}
