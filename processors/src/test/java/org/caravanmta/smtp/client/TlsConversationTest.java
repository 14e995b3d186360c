package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.caravanmta.config.tls.Certificate;
import org.caravanmta.config.tls.ClientTls;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.Client.Transport;
import org.caravanmta.smtp.client.ScriptedPeer.Talk;
import org.caravanmta.tls.TlsClient;
import org.caravanmta.tls.TlsDemand;
import org.caravanmta.tls.TlsProvider;
import org.caravanmta.tls.x509.PublicAuthorities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;

/** STARTTLS with hosts that do it well, badly, or not: what is said to them, and what never is. */
class TlsConversationTest {

    private static final X509Bundle AUTHORITY = built(new CertificateBuilder().ecp256()
            .subject("CN=Authority").setIsCertificateAuthority(true));
    private static final X509Bundle GOOD = issued(host("mx.example"));
    private static final ClientTls TLS = ClientTls.DEFAULT;
    private static final TlsDemand WISHED = TlsDemand.wished(TLS, "mx.example");
    private static final TlsDemand REQUIRED = TlsDemand.required(TLS, "mx.example", "require-starttls", null);
    private static final TlsDemand VERIFIED = TlsDemand.required(TLS, "mx.example", "smtp-tls-verify",
            (chain, _) -> authorities().mismatch(chain, "mx.example"));

    private static CertificateBuilder host(String name) {
        return new CertificateBuilder().ecp256().subject("CN=" + name).addSanDnsName(name)
                .addExtendedKeyUsageServerAuth();
    }

    private static X509Bundle built(CertificateBuilder b) {
        try {
            return b.buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Bundle issued(CertificateBuilder b) {
        try {
            return b.buildIssuedBy(AUTHORITY);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicAuthorities authorities() {
        try {
            return new PublicAuthorities(List.of(AUTHORITY.getCertificate()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(X509Bundle bundle) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("host", bundle.getKeyPair().getPrivate(), new char[0],
                    new X509Certificate[] { bundle.getCertificate() });
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                    new SecureRandom());
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Client client(TlsProvider provider, TlsDemand demand) {
        return new Client(Transport.EPOLL).tls(provider, demand);
    }

    /** Greeting, EHLO, STARTTLS and what is said to it. */
    private static void offer(Talk t, String answer) throws IOException {
        t.hello("PIPELINING", "STARTTLS");
        t.expect("STARTTLS");
        t.raw(answer + "\r\n");
    }

    @ParameterizedTest
    @EnumSource
    void mailGoesEncryptedAndWhatWasOfferedBeforeIsForgotten(TlsProvider provider) throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            offer(t, "220 go");
            SSLSession s = t.encrypt(context(GOOD));
            assertThat(((ExtendedSSLSession) s).getRequestedServerNames().toString()).contains("mx.example");
            t.expect("EHLO out.example");
            t.say("250-mx.example", "250 8BITMIME");
            t.expect("MAIL FROM:<from@example.org>"); // no SIZE, and nothing pipelined
            t.say("250 ok");
            t.expect("RCPT TO:<to@example.com>");
            t.say("250 ok");
            t.expect("DATA");
            t.say("354 go");
            assertThat(new String(t.data())).isEqualTo("Hello.\r\n");
            t.say("250 taken");
            t.quit();
        }); var client = client(provider, VERIFIED).connect(peer).ready()) {
            assertThat(client.connection().peer().extensions()).isEqualTo("8BITMIME");
            assertThat(client.connection().peer().tlsProtocol()).isEqualTo("TLSv1.3");
            assertThat(client.connection().peer().tlsCipher()).startsWith("TLS_");
            assertThat(client.send(Client.message("Hello.\r\n", "to@example.com")).failure()).isNull();
            client.quit();
            client.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeMailGoesEncryptedWhole(TlsProvider provider) throws Exception {
        String content = "Subject: large\r\n\r\n" + "A line of some length, many times.\r\n".repeat(20_000);
        try (var peer = new ScriptedPeer(t -> {
            offer(t, "220 go");
            t.encrypt(context(GOOD));
            t.expect("EHLO out.example");
            t.say("250 mx.example");
            t.expect("MAIL FROM:<from@example.org>");
            t.say("250 ok");
            t.expect("RCPT TO:<to@example.com>");
            t.say("250 ok");
            t.expect("DATA");
            t.say("354 go");
            assertThat(new String(t.data())).isEqualTo(content);
            t.say("250 taken");
        }); var client = client(provider, REQUIRED).connect(peer).ready()) {
            assertThat(client.send(Client.message(content, "to@example.com")).failure()).isNull();
        }
    }

    private static void noStartTls(Talk t) throws IOException {
        t.hello("PIPELINING");
    }

    private static void refuses(Talk t) throws IOException {
        offer(t, "454 4.7.0 TLS not available");
    }

    private static void closes(Talk t) throws IOException {
        t.hello("STARTTLS");
        t.expect("STARTTLS");
        t.reset();
    }

    private static void garbage(Talk t) throws IOException {
        offer(t, "220 go");
        t.skip(1);
        t.raw("this is no TLS at all, but it is long enough for a record\r\n".repeat(100));
    }

    private static void injects(Talk t) throws IOException {
        offer(t, "220 go\r\n250 injected");
    }

    private static void onlyOldVersions(Talk t) throws IOException {
        offer(t, "220 go");
        t.skip(1);
        t.raw("\u0015\u0003\u0001\u0000\u0002\u0002F"); // alert protocol_version
    }

    /** What the peer does, and what comes of it when TLS is wished for, required, and a good certificate too. */
    static Stream<Arguments> misfortunes() {
        return Stream.of(
                misfortune("offers no STARTTLS", TlsConversationTest::noStartTls, null, "does not offer STARTTLS"),
                misfortune("refuses STARTTLS", TlsConversationTest::refuses, null, "454 4.7.0 TLS not available"),
                misfortune("closes", TlsConversationTest::closes, Cause.TLS_BROKEN, "in connection to mx.example"),
                misfortune("speaks garbage", TlsConversationTest::garbage, Cause.TLS_BROKEN, "handshake"),
                misfortune("knows old versions only", TlsConversationTest::onlyOldVersions, Cause.TLS_BROKEN,
                        "handshake"),
                misfortune("is interfered with", TlsConversationTest::injects, Cause.TLS_BROKEN, "somebody has put"))
                .flatMap(a -> Stream.of(TlsProvider.values())
                        .map(p -> Arguments.of(p, a.get()[0], a.get()[1], a.get()[2], a.get()[3])));
    }

    private static Arguments misfortune(String what, ScriptedPeer.Script script, Cause wished, String words) {
        return Arguments.of(what, script, wished, words);
    }

    @ParameterizedTest(name = "{0}: the host {1}")
    @MethodSource("misfortunes")
    void nothingIsSaidInClearWhereTlsIsRequired(TlsProvider provider, String what, ScriptedPeer.Script script,
            Cause wished, String words) throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            script.talk(t);
            onlyQuit(t);
        }); var client = client(provider, REQUIRED).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.TLS_MISSING);
            assertThat(f.stage()).isEqualTo(Stage.STARTTLS);
            assertThat(f.text()).contains(words).contains("require-starttls").hasSizeLessThan(400);
        }
    }

    /** Whatever the client says until it closes, mail is not among it. */
    private static void onlyQuit(Talk t) throws IOException {
        try {
            for (String line; (line = t.rest()) != null;)
                assertThat(line).doesNotContain("MAIL", "RCPT", "AUTH", "from@example.org");
        } catch (SocketException | SSLException _) {
            // it broke the connection
        }
    }

    @ParameterizedTest(name = "{0}: the host {1}")
    @MethodSource("misfortunes")
    void whereTlsIsWishedForMailGoesWithoutOrTheHostIsTriedAgain(TlsProvider provider, String what,
            ScriptedPeer.Script script, Cause wished, String words) throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            script.talk(t);
            if (wished == null) {
                t.expect("MAIL FROM:<from@example.org>");
                t.say("550 enough", "550 enough", "554 enough");
            }
            t.drainAny();
        }); var client = client(provider, WISHED).connect(peer)) {
            if (wished == null) {
                client.ready();
                assertThat(client.connection().peer().tlsProtocol()).isNull();
                client.send(Client.message("Hello.\r\n", "to@example.com"));
            } else
                assertThat(client.failed().cause()).isEqualTo(wished);
        }
    }

    @Test
    void whereTlsIsNotWantedMailGoesInClear() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("STARTTLS");
            t.expect("MAIL FROM:<from@example.org>");
            t.say("550 enough");
            t.drainAny();
        }); var client = client(TlsProvider.fastest(), TlsDemand.NEVER).connect(peer).ready()) {
            client.send(Client.message("Hello.\r\n", "to@example.com"));
        }
    }

    static Stream<Arguments> certificates() {
        return Stream.of(
                Arguments.of("self-signed", built(host("mx.example").setIsCertificateAuthority(true)), "not trusted"),
                Arguments.of("expired", issued(host("mx.example").notBefore(Instant.now().minusSeconds(7200))
                        .notAfter(Instant.now().minusSeconds(3600))), "not trusted"),
                Arguments.of("for another name", issued(host("mx.other.example")), "not for mx.example"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("certificates")
    void aCertificateIsComparedWhereThatIsDemanded(String what, X509Bundle shown, String words) throws Exception {
        for (TlsProvider provider : TlsProvider.values()) {
            try (var peer = new ScriptedPeer(t -> {
                offer(t, "220 go");
                t.encrypt(context(shown));
                onlyQuit(t);
            }); var client = client(provider, VERIFIED).connect(peer)) {
                Failure f = client.failed();
                assertThat(f.cause()).isEqualTo(Cause.TLS_MISSING);
                assertThat(f.text()).contains("smtp-tls-verify", words);
            }
            try (var peer = new ScriptedPeer(t -> {
                offer(t, "220 go");
                t.encrypt(context(shown));
                t.expect("EHLO out.example");
                t.say("250 mx.example");
                t.quit();
            }); var client = client(provider, REQUIRED).connect(peer).ready()) {
                client.quit();
                client.awaitClosed();
            }
        }
    }

    @Test
    void sessionsAreResumedUnlessThatIsUnwanted() throws Exception {
        SSLContext server = context(GOOD);
        for (TlsProvider provider : TlsProvider.values())
            for (boolean reuse : new boolean[] { true, false }) {
                var tls = new TlsClient(provider);
                ClientTls settings = new ClientTls(true, true, false, true, false, List.of(), reuse, null,
                        false, false);
                byte[] first = meeting(server, tls, settings).id();
                byte[] second = meeting(server, tls, settings).id();
                assertThat(Arrays.equals(first, second)).as("%s %s", provider, reuse).isEqualTo(reuse);
            }
    }

    /** TLS 1.3 gives each session an id of its own; a resumed one is as old as the first. */
    @ParameterizedTest
    @EnumSource
    void sessionsOfTls13AreResumedToo(TlsProvider provider) throws Exception {
        SSLContext server = context(GOOD);
        var tls = new TlsClient(provider);
        long first = meeting(server, tls, TLS).createdMs();
        assertThat(meeting(server, tls, TLS).createdMs()).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void aHostThatAsksForACertificateIsShownOurs(TlsProvider provider) throws Exception {
        X509Bundle ours = issued(new CertificateBuilder().ecp256().subject("CN=gw.example"));
        for (boolean tls13 : new boolean[] { true, false }) {
            ClientTls settings = new ClientTls(true, true, false, !tls13, tls13, List.of(), true,
                    new Certificate(List.of(ours.getCertificate()), ours.getKeyPair().getPrivate()), false, false);
            assertThat(meeting(context(GOOD), new TlsClient(provider), settings).client())
                    .isEqualTo(ours.getCertificate());
            assertThat(meeting(context(GOOD), new TlsClient(provider), TLS).client()).isNull();
        }
    }

    /**
     * What a host saw.
     *
     * @param client our certificate; null when it was shown none
     */
    private record Meeting(byte[] id, long createdMs, java.security.cert.Certificate client) {
        static Meeting of(SSLSession s) {
            try {
                return new Meeting(s.getId(), s.getCreationTime(), s.getPeerCertificates()[0]);
            } catch (SSLPeerUnverifiedException _) {
                return new Meeting(s.getId(), s.getCreationTime(), null);
            }
        }
    }

    /** The host is the same by name, at ports of its own. It always shows its certificate, resumed or not. */
    private static Meeting meeting(SSLContext server, TlsClient tls, ClientTls settings) throws Exception {
        var met = new CompletableFuture<Meeting>();
        try (var listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> {
                try (var socket = (SSLSocket) server.getSocketFactory().createSocket(listener.accept(),
                        null, 0, true)) {
                    socket.setUseClientMode(false);
                    socket.setWantClientAuth(true);
                    socket.startHandshake();
                    socket.getOutputStream().write('x');
                    socket.getInputStream().read();
                    met.complete(Meeting.of(socket.getSession()));
                } catch (IOException e) {
                    met.completeExceptionally(e);
                }
            });
            var loop = Transport.NIO.loop();
            var channel = new NioSocketChannel();
            loop.register(channel).sync();
            channel.connect(listener.getLocalSocketAddress()).sync();
            SslHandler handler = tls.handler(channel.alloc(), settings, "mx.example", 25);
            var heard = new CompletableFuture<Void>(); // tickets of TLS 1.3 come before the first word
            channel.pipeline().addLast(handler, new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object word) {
                    ReferenceCountUtil.release(word);
                    heard.complete(null);
                }
            });
            handler.handshakeFuture().sync();
            assertThat(handler.engine().getSession().getPeerCertificates()).contains(GOOD.getCertificate());
            heard.get(10, TimeUnit.SECONDS);
            channel.writeAndFlush(Unpooled.copiedBuffer(new byte[] { 'y' })).sync();
            Meeting seen = met.get(10, TimeUnit.SECONDS);
            channel.close().sync();
            return seen;
        }
    }
}
