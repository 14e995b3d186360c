package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Something that another server might take for the end of the data must not end it here, and must not travel on: the
 * message is refused. Whatever segments it comes in.
 */
@Timeout(60)
class SmugglingConversationTest {

    private static final String BARE = "550 5.6.0 Bare CR or bare LF in message: lines end in CR LF";
    private static final String BEFORE = "Subject: one\r\n\r\nfirst";
    private static final String SMUGGLED = "MAIL FROM:<evil@example.com>\r\nRCPT TO:<b@dest.example>\r\nDATA\r\nx\r\n";

    @ParameterizedTest
    @ValueSource(strings = { "\n.\n", "\r.\r", "\n.\r", "\r.\n", "\n.\r\n", "\r.\r\n", "\r\n.\n", "\r\n.\r",
            "\r\n.\r\r\n", "\r\n.\n\r\n", "\n\r\n.\n", "\r\r\n.\r\r\n", "\n\n.\n\n", "\r\r.\r\r", "\n\r.\n\r",
            "\r\n.\rx\r\n", "\r\n.\r\0\n", "\r\n\n.\r\n", "\r\n\r.\r\n", "\n..\r\n" })
    void looseEndEndsNothing(String end) throws Exception {
        String message = BEFORE + end + SMUGGLED + ".\r\n";
        try (var server = new TestServer("max-errors-per-session: 0").start(); var t = server.client()) {
            t.data();
            t.raw(message);
            t.expect(BARE);
            for (int cut = 1; cut < message.length(); cut++) {
                t.data();
                t.segment(message.substring(0, cut));
                t.raw(message.substring(cut));
                t.expect(BARE);
                t.ask("NOOP", "250 2.0.0 OK");
            }
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "\r\n.\0\r\n", "\r\n\0.\r\n", "\r\n..\r\n\0" })
    void nulIsNoPartOfAnEnd(String end) throws Exception {
        String message = BEFORE + end + SMUGGLED + ".\r\n";
        try (var server = new TestServer("max-errors-per-session: 0").start(); var t = server.client()) {
            for (int cut = 1; cut < message.length(); cut++) {
                t.data();
                t.segment(message.substring(0, cut));
                t.raw(message.substring(cut));
                t.expect("550 5.6.0 NUL in message");
            }
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    /** Stuffed as RFC 5321 §4.5.2 wants it, the same lines are text. */
    @ParameterizedTest
    @ValueSource(strings = { "\r\n..\r\n", "\r\n. \r\n", "\r\n.x\r\n", "\r\n...\r\n" })
    void textThatOnlyLooksLikeAnEndArrives(String text) throws Exception {
        String message = BEFORE + text + SMUGGLED;
        try (var server = new TestServer().start(); var t = server.client()) {
            for (int cut = 1; cut < message.length(); cut++) {
                t.data();
                t.segment(message.substring(0, cut));
                t.raw(message.substring(cut) + ".\r\n");
                t.expect("250 2.6.0 queued");
                assertThat(server.taken().text()).isEqualTo(BEFORE + text.replaceFirst("\\.", "") + SMUGGLED);
            }
        }
    }
}
