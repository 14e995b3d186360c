package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that says 421, closes, resets or falls silent, in every stage, pipelined or not. */
@ParameterizedClass
@EnumSource(Client.Transport.class)
@Timeout(30)
class BrokenConversationTest {

    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    @Parameter
    Client.Transport transport;

    private interface Break {
        void now(ScriptedPeer.Talk t) throws Exception;
    }

    /** Plays a transaction that is fine until {@code stage}. */
    private Client.Finished broken(Stage stage, boolean pipelining, Duration patience, Break how) throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello(pipelining ? "PIPELINING" : "SIZE");
            play(t, stage, pipelining);
            how.now(t);
        });
                var client = new Client(transport).timeouts(Client.timeouts(patience, Duration.ZERO)).connect(peer)
                        .ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com", "b@example.com"));
            assertThat(f.reusable()).isFalse();
            assertThat(f.result().accepted()).isNull();
            assertThat(f.result().recipients()).containsExactly((Failure) null, (Failure) null);
            client.awaitClosed();
            return f;
        }
    }

    private static void play(ScriptedPeer.Talk t, Stage stage, boolean pipelining) throws Exception {
        String mail = "MAIL FROM:<from@example.org>" + (pipelining ? "" : " SIZE=21");
        String[] commands = { mail, "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA" };
        String[] replies = { "250 ok", "250 ok", "250 ok", "354 go" };
        int until = switch (stage) {
            case MAIL -> 0;
            case RCPT -> 2;
            case DATA -> 3;
            default -> 4;
        };
        if (pipelining)
            t.expect(commands);
        for (int i = 0; i < commands.length && i <= until; i++) {
            if (!pipelining)
                t.expect(commands[i]);
            if (i < until)
                t.say(replies[i]);
        }
        if (stage == Stage.DATA_END)
            t.data();
    }

    @ParameterizedTest
    @CsvSource({ "MAIL,true", "MAIL,false", "RCPT,true", "RCPT,false", "DATA,true", "DATA,false", "DATA_END,true",
            "DATA_END,false" })
    void reply421IsAFailureOfItsStage(Stage stage, boolean pipelining) throws Exception {
        var f = broken(stage, pipelining, Duration.ofSeconds(10), t -> {
            t.say("421 4.3.2 shutting down");
            t.expectClose();
        });
        assertThat(f.failure().stage()).isEqualTo(stage);
        assertThat(f.failure().text()).isEqualTo("421 4.3.2 shutting down");
    }

    @ParameterizedTest
    @CsvSource({ "MAIL,true", "MAIL,false", "RCPT,true", "RCPT,false", "DATA,true", "DATA,false", "DATA_END,true",
            "DATA_END,false" })
    void closeIsALostConnectionOfItsStage(Stage stage, boolean pipelining) throws Exception {
        var f = broken(stage, pipelining, Duration.ofSeconds(10), t -> {
        });
        assertThat(f.failure().stage()).isEqualTo(stage);
        assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
        assertThat(f.failure().detail()).contains(" in connection to mx.example (127.0.0.1:");
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = { "MAIL", "RCPT", "DATA", "DATA_END" })
    void resetIsALostConnectionOfItsStage(Stage stage) throws Exception {
        var f = broken(stage, true, Duration.ofSeconds(10), ScriptedPeer.Talk::reset);
        assertThat(f.failure().stage()).isEqualTo(stage);
        assertThat(f.failure().detail()).startsWith("ECONNRESET in connection to mx.example");
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = { "MAIL", "RCPT", "DATA", "DATA_END" })
    void silenceIsALostConnectionOfItsStage(Stage stage) throws Exception {
        var f = broken(stage, true, Duration.ofMillis(150), ScriptedPeer.Talk::silence);
        assertThat(f.failure().stage()).isEqualTo(stage);
        assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
        assertThat(f.failure().detail()).startsWith("ETIMEDOUT in " + stage + " in connection to mx.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "MAIL|what?", "RCPT|354 go", "DATA|250 ok", "DATA_END|354 go",
            "DATA_END|250-a/251 b", "MAIL|999 x", "RCPT|250_ok" })
    void nonsenseIsAProtocolFailureOfItsStage(Stage stage, String nonsense) throws Exception {
        var f = broken(stage, true, Duration.ofSeconds(10), t -> {
            t.say(nonsense.split("/"));
            t.expectClose();
        });
        assertThat(f.failure().stage()).isEqualTo(stage);
        assertThat(f.failure().cause()).isEqualTo(Cause.PROTOCOL);
    }

    @Test
    void refusedRecipientStaysRefusedWhenTheConnectionIsLost() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA");
            t.say("250 ok", "550 5.1.1 no a");
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com", "b@example.com"));
            assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
            assertThat(f.result().recipients().getFirst().text()).isEqualTo("550 5.1.1 no a");
            assertThat(f.result().recipients().get(1)).isNull();
        }
    }

    @Test
    void refusalStaysTheReasonWhenTheConnectionIsLostAfterIt() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("550 5.7.1 not you");
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com"));
            assertThat(f.failure().text()).isEqualTo("550 5.7.1 not you");
            assertThat(f.reusable()).isFalse();
        }
    }

    @Test
    void acceptedMessageStaysAcceptedWhenThePeerClosesBehindIt() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("250 ok", "250 ok", "354 go");
            t.data();
            t.raw("250 2.0.0 ok\r\n421 4.3.2 bye\r\n");
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com"));
            assertThat(f.failure()).isNull();
            assertThat(f.reusable()).as("there is more than the reply").isFalse();
            client.awaitClosed();
        }
    }

    @Test
    void abortFinishesTheTransaction() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.drain();
        }); var client = new Client(transport).connect(peer).ready()) {
            client.start(Client.message(TEXT, "a@example.com"));
            client.abort("operator says stop");
            var f = client.finished();
            assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
            assertThat(f.failure().detail()).isEqualTo("operator says stop");
        }
    }

    @Test
    void ownerThatThrowsLosesItsConnectionOnly() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("451 later", "503 no", "503 no");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            client.onFinished(() -> {
                throw new IllegalStateException("owner's bug");
            });
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure().reply().code()).isEqualTo(451);
            client.awaitClosed();
        }
    }
}
