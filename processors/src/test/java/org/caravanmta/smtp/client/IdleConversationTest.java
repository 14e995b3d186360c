package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Between transactions. */
@ParameterizedClass
@EnumSource(Client.Transport.class)
@Timeout(30)
class IdleConversationTest {

    @Parameter
    Client.Transport transport;

    @Test
    void closeByAnIdlePeerIsToldAndFailsNothing() throws Exception {
        try (var peer = new ScriptedPeer(t -> t.hello()); var client = new Client(transport).connect(peer).ready()) {
            client.awaitClosed();
        }
    }

    @Test
    void unexpectedWordsCloseAnIdleConnection() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello();
            t.silence();
            t.say("421 4.4.2 you are too quiet");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            peer.release();
            client.awaitClosed();
        }
    }

    @Test
    void transactionOnAClosedConnectionIsLostBeforeMail() throws Exception {
        try (var peer = new ScriptedPeer(t -> t.hello()); var client = new Client(transport).connect(peer).ready()) {
            client.awaitClosed();
            var f = client.send(Client.message("x\r\n", "a@example.com"));
            assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
            assertThat(f.failure().stage()).isEqualTo(Stage.MAIL);
            assertThat(f.reusable()).isFalse();
        }
    }

    @Test
    void idleTimeoutSaysQuitAndTellsTheOwnerAtOnce() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello();
            t.expect("QUIT");
            t.silence();
            t.say("221 bye");
            t.expectClose();
        });
                var client = new Client(transport)
                        .timeouts(Client.timeouts(Duration.ofSeconds(10), Duration.ofMillis(100))).connect(peer)
                        .ready()) {
            client.awaitClosed();
            peer.release();
            peer.finished();
        }
    }

    @Test
    void quitDuringATransactionWaitsForItsEnd() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello();
            t.expect("MAIL FROM:<from@example.org>");
            t.silence();
            t.say("451 later");
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            client.start(Client.message("x\r\n", "a@example.com"));
            client.quit();
            peer.release();
            var f = client.finished();
            assertThat(f.failure().reply().code()).isEqualTo(451);
            assertThat(f.reusable()).isFalse();
            client.awaitClosed();
            peer.finished();
        }
    }

    @Test
    void quitNeedsNoAnswerButAClose() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello();
            t.expect("QUIT");
        }); var client = new Client(transport).connect(peer).ready()) {
            client.quit();
            client.quit();
            client.awaitClosed();
        }
    }
}
