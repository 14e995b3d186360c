package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bind, connect, greeting, EHLO. */
@ParameterizedClass
@EnumSource(Client.Transport.class)
@Timeout(30)
class OpeningConversationTest {

    private static final Duration SHORT = Duration.ofMillis(150);

    @Parameter
    Client.Transport transport;

    @Test
    void ehloExtensionsArePartOfThePeer() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING", "size 1000", "8BITMIME", "AUTH=PLAIN LOGIN");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            SmtpConnection.Peer p = client.connection().peer();
            assertThat(p.extensions()).isEqualTo("PIPELINING,SIZE,8BITMIME,AUTH");
            assertThat(p.name()).isEqualTo("mx.example");
            assertThat(p.remote()).isEqualTo(peer.address());
            assertThat(p.local().getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
            assertThat(p.local().getPort()).isPositive();
        }
    }

    @Test
    void greetingMayComeInManyLinesAndPieces() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            for (String piece : new String[] { "2", "20-mx.exa", "mple\r", "\n220 ", "ready\r\n" })
                t.raw(piece);
            t.expect("EHLO out.example");
            t.raw("250-mx\r\n250");
            t.raw("-SIZE\r\n250 8BITMIME\r\n");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            assertThat(client.connection().peer().extensions()).isEqualTo("SIZE,8BITMIME");
        }
    }

    @Test
    void refusedEhloFallsBackToHelo() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("220 old.example");
            t.expect("EHLO out.example");
            t.say("502 command not implemented");
            t.expect("HELO out.example");
            t.say("250 old.example");
            t.quit();
        }); var client = new Client(transport).connect(peer).ready()) {
            assertThat(client.connection().peer().extensions()).isEmpty();
            client.quit();
            peer.finished();
        }
    }

    @Test
    void refusedHeloIsTheReason() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("220 old.example");
            t.expect("EHLO out.example");
            t.say("550 5.7.1 we do not like you");
            t.expect("HELO out.example");
            t.say("550 5.7.1 still not");
            t.quit();
        }); var client = new Client(transport).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.stage()).isEqualTo(Stage.EHLO);
            assertThat(f.text()).isEqualTo("550 5.7.1 still not");
        }
    }

    @Test
    void closeAfterRefusedEhloLeavesTheRefusalAsReason() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("220 old.example");
            t.expect("EHLO out.example");
            t.say("550 5.7.1 we do not like you");
        }); var client = new Client(transport).connect(peer)) {
            assertThat(client.failed().text()).isEqualTo("550 5.7.1 we do not like you");
        }
    }

    @Test
    void temporarilyRefusedEhloIsAReply() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("220 mx");
            t.expect("EHLO out.example");
            t.say("451 later");
            t.quit();
        }); var client = new Client(transport).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.stage()).isEqualTo(Stage.EHLO);
            assertThat(f.reply().code()).isEqualTo(451);
        }
    }

    @Test
    void refusingGreetingIsAReplyAndIsAnsweredWithQuit() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("554-5.7.1 mx.example", "554 5.7.1 go away");
            t.quit();
        }); var client = new Client(transport).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.stage()).isEqualTo(Stage.GREETING);
            assertThat(f.cause()).isEqualTo(Cause.REPLY);
            assertThat(f.reply().text()).isEqualTo("mx.example\ngo away");
            assertThat(f.reply().enhanced()).hasToString("5.7.1");
        }
    }

    @Test
    void greeting421ClosesAtOnce() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("421 4.3.2 too busy");
            t.expectClose();
        }); var client = new Client(transport).connect(peer)) {
            assertThat(client.failed().reply().code()).isEqualTo(421);
        }
    }

    @Test
    void whatIsNoSmtpIsAProtocolFailure() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.raw("SSH-2.0-OpenSSH_9\u00079\r\n");
            t.expectClose();
        }); var client = new Client(transport).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.PROTOCOL);
            assertThat(f.stage()).isEqualTo(Stage.GREETING);
            assertThat(f.detail()).contains("`SSH-2.0-OpenSSH_9 9`").contains("mx.example (127.0.0.1:");
        }
    }

    @Test
    void closeBeforeTheGreetingIsNoConnection() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
        }); var client = new Client(transport).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.NO_CONNECTION);
            assertThat(f.stage()).isEqualTo(Stage.GREETING);
            assertThat(f.detail()).startsWith("EDISCON in connection to mx.example (127.0.0.1:");
        }
    }

    @Test
    void silenceInsteadOfGreetingTimesOut() throws Exception {
        try (var peer = new ScriptedPeer(t -> t.silence());
                var client = new Client(transport).timeouts(Client.timeouts(SHORT, Duration.ZERO)).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.NO_CONNECTION);
            assertThat(f.detail()).startsWith("ETIMEDOUT waiting for the greeting of mx.example");
        }
    }

    @Test
    void silenceInsteadOfEhloReplyTimesOut() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.say("220 mx");
            t.expect("EHLO out.example");
            t.silence();
        }); var client = new Client(transport).timeouts(Client.timeouts(SHORT, Duration.ZERO)).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.CONNECTION_LOST);
            assertThat(f.stage()).isEqualTo(Stage.EHLO);
        }
    }

    @Test
    void refusedConnectionIsNamed() throws Exception {
        InetSocketAddress nobody;
        try (var s = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = (InetSocketAddress) s.getLocalSocketAddress();
        }
        try (var client = new Client(transport).connect(nobody)) {
            Failure f = client.failed();
            assertThat(f.stage()).isEqualTo(Stage.CONNECT);
            assertThat(f.cause()).isEqualTo(Cause.NO_CONNECTION);
            assertThat(f.detail())
                    .isEqualTo("ECONNREFUSED connecting to mx.example (127.0.0.1:" + nobody.getPort() + ")");
        }
    }

    @Test
    void fullBacklogTimesOutConnecting() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.9"))) {
            var a = (InetSocketAddress) server.getLocalSocketAddress();
            try (var s1 = new java.net.Socket(a.getAddress(), a.getPort());
                    var s2 = new java.net.Socket(a.getAddress(), a.getPort());
                    var client = new Client(transport).timeouts(Client.timeouts(SHORT, Duration.ZERO)).connect(a)) {
                assertThat(s1.isConnected() && s2.isConnected()).isTrue();
                Failure f = client.failed();
                assertThat(f.stage()).isEqualTo(Stage.CONNECT);
                assertThat(f.detail()).startsWith("ETIMEDOUT connecting to mx.example (127.0.0.9:");
            }
        }
    }

    @Test
    void peerSeesTheSourceAddress() throws Exception {
        InetAddress[] seen = new InetAddress[1];
        try (var peer = new ScriptedPeer(t -> {
            seen[0] = t.client();
            t.hello();
            t.expectClose();
        }); var client = new Client(transport).source("127.33.44.55").connect(peer).ready()) {
            assertThat(seen[0]).isEqualTo(InetAddress.getByName("127.33.44.55"));
            assertThat(client.connection().peer().local().getAddress()).isEqualTo(seen[0]);
        }
    }

    @Test
    void missingSourceAddressIsNamedAndNothingConnects() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            throw new AssertionError("connected");
        }); var client = new Client(transport).source("192.0.2.77").connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.SOURCE_ADDRESS_MISSING);
            assertThat(f.detail()).startsWith("EADDRNOTAVAIL binding 192.0.2.77 to connect to mx.example");
        }
    }

    @Test
    void sourceOfTheOtherFamilyConnectsNowhere() throws Exception {
        try (var client = new Client(transport).source("127.0.0.1")
                .connect(new InetSocketAddress(InetAddress.getByName("::1"), 1))) {
            assertThat(client.failed().detail()).startsWith("EAFNOSUPPORT connecting to mx.example");
        }
    }

    @Test
    void ipv6PeerIsReached() throws Exception {
        try (var peer = new ScriptedPeer("::1", t -> {
            t.hello();
            t.expectClose();
        }); var client = new Client(transport).source("::1").connect(peer).ready()) {
            assertThat(client.connection().peer().local().getAddress()).isEqualTo(InetAddress.getByName("::1"));
        }
    }

    @Test
    void abortWhileOpeningIsAFailure() throws Exception {
        try (var peer = new ScriptedPeer(t -> t.expectClose());
                var client = new Client(transport).connect(peer)) {
            client.abort("enough");
            assertThat(client.failed().detail()).isEqualTo("enough");
        }
    }
}
