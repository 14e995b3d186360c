package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.nio.charset.StandardCharsets;

import org.caravanmta.message.Recipient;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Notify;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** MAIL, RCPT, DATA with and without PIPELINING, and what is refused in between. */
@ParameterizedClass
@EnumSource(Client.Transport.class)
@Timeout(30)
class TransactionConversationTest {

    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    @Parameter
    Client.Transport transport;

    private static void accept(ScriptedPeer.Talk t) throws Exception {
        t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
        t.say("250 ok", "250 ok", "354 go");
        assertThat(new String(t.data(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        t.say("250 2.0.0 queued as 7");
    }

    @Test
    void pipelinedCommandsComeBeforeAnyReply() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            accept(t);
            accept(t);
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            for (int i = 0; i < 2; i++) {
                var f = client.send(Client.message(TEXT, "a@example.com"));
                assertThat(f.reusable()).isTrue();
                assertThat(f.failure()).isNull();
                assertThat(f.result().accepted()).hasToString("250 2.0.0 queued as 7");
                assertThat(f.result().recipients()).containsExactly((Failure) null);
                assertThat(f.result().bytesSent()).isEqualTo(TEXT.length());
            }
            client.quit();
            peer.finished();
            client.awaitClosed();
        }
    }

    @Test
    void whatTheSenderAsksOfReportsIsPassedOnWhereItIsOffered() throws Exception {
        QueuedMessage plain = Client.message(TEXT, "a@example.com");
        QueuedMessage asking = plain.to(List.of(new Recipient("a@example.com", "rfc822;b@example.com",
                new Notify(true, false, true)))).with(new DsnRequest("HDRS", "x+2By", false, false, 0));
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING", "DSN");
            t.expect("MAIL FROM:<from@example.org> RET=HDRS ENVID=x+2By",
                    "RCPT TO:<a@example.com> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@example.com", "DATA");
            t.say("250 ok", "250 ok", "354 go");
            t.data();
            t.say("250 ok");
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            assertThat(client.send(asking).result().passedOn()).isTrue();
            client.quit();
            peer.finished();
            client.awaitClosed();
        }
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            accept(t);
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            assertThat(client.send(asking).result().passedOn()).isFalse();
            client.quit();
            peer.finished();
            client.awaitClosed();
        }
    }

    @Test
    void withoutPipeliningEachCommandWaitsForItsReply() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>");
            t.say("250 ok");
            t.expect("RCPT TO:<a@example.com>");
            t.say("250 ok");
            t.expect("RCPT TO:<b@example.com>");
            t.say("550 5.1.1 no b");
            t.expect("DATA");
            t.say("354 go");
            t.data();
            t.say("250 ok");
            t.expectClose();
        }); var client = new Client(transport).ignorePipelining().connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com", "b@example.com"));
            assertThat(f.failure()).isNull();
            assertThat(f.reusable()).isTrue();
            assertThat(f.result().recipients().getFirst()).isNull();
            assertThat(f.result().recipients().get(1).text()).isEqualTo("550 5.1.1 no b");
            assertThat(f.result().recipients().get(1).stage()).isEqualTo(Stage.RCPT);
        }
    }

    @Test
    void repliesMayBeSplitAnywhere() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA");
            for (char c : "250-2.1.0 s\r\n250 2.1.0 ok\r\n250 ok\r\n452-4.5.3 too\r\n452 4.5.3 many\r\n354 go\r\n"
                    .toCharArray())
                t.raw(String.valueOf(c));
            t.data();
            t.raw("250 2.6.0 do");
            t.raw("ne\r\n");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com", "b@example.com"));
            assertThat(f.result().accepted().text()).isEqualTo("done");
            assertThat(f.result().recipients().get(1).reply().text()).isEqualTo("too\nmany");
        }
    }

    @Test
    void refusedMailFailsTheMessageAndTheNextMayFollow() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("550 5.7.1 not you", "503 no mail", "503 no mail");
            accept(t);
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com"));
            assertThat(f.failure().stage()).isEqualTo(Stage.MAIL);
            assertThat(f.failure().text()).isEqualTo("550 5.7.1 not you");
            assertThat(f.result().accepted()).isNull();
            assertThat(f.result().recipients()).containsExactly((Failure) null);
            assertThat(f.reusable()).isTrue();
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure()).isNull();
        }
    }

    @Test
    void refusedMailWithoutPipeliningSaysNothingMore() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello();
            t.expect("MAIL FROM:<>");
            t.say("451 4.7.1 later");
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(new MessageContent.Inline(new byte[] { 'x', '\r', '\n' }),
                    BodyType.SEVEN_BIT, false, null, "a@example.com"));
            assertThat(f.failure().reply().code()).isEqualTo(451);
            client.quit();
            peer.finished();
        }
    }

    @Test
    void allRefusedWith354GetsALoneDotWhoseReplyMeansNothing() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA");
            t.say("250 ok", "550 5.1.1 no a", "451 4.2.1 b later", "354 go");
            t.expect(".");
            t.say("250 queued nothing");
            t.expect("RSET");
            accept2(t);
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com", "b@example.com"));
            assertThat(f.result().accepted()).isNull();
            assertThat(f.result().recipients()).extracting(Failure::text).containsExactly("550 5.1.1 no a",
                    "451 4.2.1 b later");
            assertThat(f.failure()).isSameAs(f.result().recipients().getFirst());
            assertThat(f.result().bytesSent()).isZero();
            assertThat(f.reusable()).isTrue();
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure()).isNull();
        }
    }

    /** As {@link #accept}, behind a pipelined RSET. */
    private static void accept2(ScriptedPeer.Talk t) throws Exception {
        t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
        t.say("250 reset", "250 ok", "250 ok", "354 go");
        t.data();
        t.say("250 ok");
    }

    @Test
    void allRefusedWith5xxToDataIsFollowedByRset() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("250 ok", "550 5.1.1 no a", "554 5.5.1 no valid recipients");
            t.expect("RSET");
            accept2(t);
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com"));
            assertThat(f.failure().stage()).isEqualTo(Stage.RCPT);
            assertThat(f.failure().text()).isEqualTo("550 5.1.1 no a");
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure()).isNull();
        }
    }

    @Test
    void allRefusedWithoutPipeliningNeverSaysData() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello();
            t.expect("MAIL FROM:<from@example.org>");
            t.say("250 ok");
            t.expect("RCPT TO:<a@example.com>");
            t.say("550 5.1.1 no a");
            t.expect("RSET");
            t.say("250 ok");
            t.expect("MAIL FROM:<from@example.org>");
            t.say("452 full");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure().stage()).isEqualTo(Stage.RCPT);
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure().stage()).isEqualTo(Stage.MAIL);
        }
    }

    @Test
    void refusedDataFailsTheMessage() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("250 ok", "250 ok", "451 4.3.0 not now");
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com"));
            assertThat(f.failure().stage()).isEqualTo(Stage.DATA);
            assertThat(f.reusable()).isTrue();
            client.quit();
            peer.finished();
        }
    }

    @Test
    void refusalAtTheEndOfDataNeedsNoRset() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
            t.say("250 ok", "250 ok", "354 go");
            t.data();
            t.say("550-5.7.1 spam", "550 5.7.1 see http://example.com");
            accept(t);
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "a@example.com"));
            assertThat(f.failure().stage()).isEqualTo(Stage.DATA_END);
            assertThat(f.failure().reply().text()).isEqualTo("spam\nsee http://example.com");
            assertThat(f.reusable()).isTrue();
            assertThat(client.send(Client.message(TEXT, "a@example.com")).failure()).isNull();
        }
    }

    @Test
    void mailSaysWhatIsOffered() throws Exception {
        byte[] content = "Subject: ü\r\n\r\nü\r\n".getBytes(StandardCharsets.UTF_8);
        try (var peer = new ScriptedPeer(t -> {
            t.hello("SIZE 1000", "8BITMIME", "SMTPUTF8");
            t.expect("MAIL FROM:<from@example.org> SIZE=" + content.length + " BODY=8BITMIME SMTPUTF8");
            t.say("250 ok");
            t.expect("RCPT TO:<jörg@example.com>");
            t.say("250 ok");
            t.expect("DATA");
            t.say("354 go");
            assertThat(t.data()).isEqualTo(content);
            t.say("250 ok");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            assertThat(client.send(Client.message(new MessageContent.Inline(content), BodyType.EIGHT_BIT_MIME, false,
                    "from@example.org", "jörg@example.com")).failure()).isNull();
        }
    }

    @Test
    void missingExtensionsFailTheMessageAndSayNothing() throws Exception {
        MessageContent content = new MessageContent.Inline(TEXT.getBytes(StandardCharsets.UTF_8));
        try (var peer = new ScriptedPeer(t -> {
            t.hello("SIZE 20");
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            var tooBig = client.send(Client.message(content, "a@example.com"));
            assertThat(tooBig.failure().cause()).isEqualTo(Cause.EXTENSION_MISSING);
            assertThat(tooBig.failure().stage()).isEqualTo(Stage.MAIL);
            assertThat(tooBig.failure().detail()).isEqualTo("message size 21 exceeds size limit 20 of the host");
            assertThat(tooBig.reusable()).isTrue();
            MessageContent small = new MessageContent.Inline(new byte[] { 'x', '\r', '\n' });
            assertThat(
                    client.send(Client.message(small, BodyType.EIGHT_BIT_MIME, false, "f@example.org", "a@b.example"))
                            .failure().detail())
                    .contains("8BITMIME");
            assertThat(client.send(Client.message(small, BodyType.SEVEN_BIT, true, "f@example.org", "a@b.example"))
                    .failure().detail()).contains("SMTPUTF8");
            client.quit();
            peer.finished();
        }
    }

    @Test
    void ignored8bitmimeIsSentAsIs() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("8BITMIME");
            t.expect("MAIL FROM:<from@example.org>");
            t.say("550 enough");
            t.expectClose();
        }); var client = new Client(transport).ignore8bitmime().connect(peer).ready()) {
            var f = client.send(Client.message(new MessageContent.Inline(new byte[] { (byte) 0xfc, '\r', '\n' }),
                    BodyType.EIGHT_BIT_MIME, false, "from@example.org", "a@example.com"));
            assertThat(f.failure().text()).isEqualTo("550 enough");
        }
    }

    @Test
    void addressWithLineBreakNeverReachesTheWire() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            accept(t);
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(TEXT, "x@example.com>\r\nRSET", "a@example.com"));
            assertThat(f.failure()).isNull();
            assertThat(f.result().recipients().getFirst().text()).isEqualTo("553 5.1.3 bad destination address syntax");
            assertThat(client.send(Client.message(TEXT, "x\n@example.com")).failure().stage()).isEqualTo(Stage.RCPT);
            client.quit();
            peer.finished();
        }
    }

    @Test
    void nextMessageMayBeSentFromTheCallback() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            accept(t);
            accept(t);
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var second = Client.message(TEXT, "a@example.com");
            client.onFinished(() -> {
                client.onFinished(() -> {
                });
                client.start(second);
            });
            client.start(second);
            assertThat(client.finished().failure()).isNull();
            assertThat(client.finished().failure()).isNull();
        }
    }
}
