package org.caravanmta.tls.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.caravanmta.dns.MxResolver;
import org.caravanmta.tls.sts.PolicySource.Fetched;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** Against a real HTTPS server with certificates of an authority of its own. */
@Timeout(60)
class PolicyFetcherTest {

    private static final String POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mx.a.test\r\nmax_age: 86400\r\n";
    private static X509Bundle authority;
    private static X509Bundle right;
    private static X509Bundle otherName;
    private static X509Bundle expired;
    private static X509Bundle stranger;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpsServer server;
    private volatile String seen;

    @FunctionalInterface
    private interface Page {
        void show(HttpExchange x) throws Exception;
    }

    @BeforeAll
    static void certificates() throws Exception {
        CertificateBuilder ca = new CertificateBuilder().ecp256().subject("CN=Authority")
                .setIsCertificateAuthority(true);
        CertificateBuilder host = new CertificateBuilder().ecp256().subject("CN=mta-sts.a.test")
                .addExtendedKeyUsageServerAuth();
        authority = ca.buildSelfSigned();
        right = host.copy().addSanDnsName("mta-sts.a.test").buildIssuedBy(authority);
        otherName = host.copy().addSanDnsName("www.a.test").buildIssuedBy(authority);
        expired = host.copy().addSanDnsName("mta-sts.a.test").notBefore(Instant.now().minus(Duration.ofDays(9)))
                .notAfter(Instant.now().minus(Duration.ofDays(1))).buildIssuedBy(authority);
        stranger = host.copy().addSanDnsName("mta-sts.a.test").buildIssuedBy(ca.copy().buildSelfSigned());
    }

    @BeforeEach
    void open() {
        seen = null;
    }

    @AfterEach
    void close() {
        over.countDown();
        if (server != null)
            server.stop(0);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void serve(X509Bundle certificate, Page page) throws Exception {
        KeyManagerFactory keys = certificate.toKeyManagerFactory();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.43"), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/", x -> {
            seen = x.getRequestHeaders().getFirst("Host") + x.getRequestURI();
            try (x) {
                page.show(x);
            } catch (Exception e) {
                throw new java.io.IOException(e);
            }
        });
        server.start();
    }

    private static Page text(int status, String type, String text) {
        return x -> {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            x.getResponseHeaders().set("Content-Type", type);
            x.sendResponseHeaders(status, bytes.length);
            x.getResponseBody().write(bytes);
        };
    }

    private Fetched fetch(Duration timeout) throws Exception {
        int port = server.getAddress().getPort();
        return new PolicyFetcher(new OneHost(), loops, List.of(authority.getCertificate()), port, timeout)
                .fetch("a.test").toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private Fetched fetch() throws Exception {
        return fetch(Duration.ofSeconds(20));
    }

    /** Names are found by our resolver only: the first address of this one does not answer. */
    private static final class OneHost implements MxResolver {

        @Override
        public CompletionStage<Route> mailHosts(String domain) {
            throw new AssertionError(domain);
        }

        @Override
        public CompletionStage<Route> hostAddresses(String host) {
            try {
                return CompletableFuture.completedStage(Route.of(List.of(new MailHost(host, 0,
                        List.of(InetAddress.getByName("127.0.0.44"), InetAddress.getByName("127.0.0.43"))))));
            } catch (java.net.UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aPolicyIsFetchedFromItsPlace() throws Exception {
        serve(right, text(200, "text/plain; charset=utf-8", POLICY));
        assertThat(fetch()).isEqualTo(Fetched.of(StsPolicy.parse(POLICY)));
        assertThat(seen).isEqualTo("mta-sts.a.test:" + server.getAddress().getPort() + "/.well-known/mta-sts.txt");
    }

    @Test
    void aChunkedAnswerIsRead() throws Exception {
        serve(right, x -> {
            x.getResponseHeaders().set("Content-Type", "text/plain");
            x.sendResponseHeaders(200, 0);
            for (byte b : POLICY.getBytes(StandardCharsets.US_ASCII)) {
                x.getResponseBody().write(b);
                x.getResponseBody().flush();
            }
        });
        assertThat(fetch().policy()).isEqualTo(StsPolicy.parse(POLICY));
    }

    @Test
    void certificatesForOtherNamesOutOfTimeOrOfStrangersAreRefused() throws Exception {
        for (X509Bundle wrong : List.of(otherName, expired, stranger)) {
            serve(wrong, text(200, "text/plain", POLICY));
            assertThat(fetch().policy()).isNull();
            assertThat(fetch().trouble()).startsWith("TLS: ").doesNotContain("\n");
            assertThat(seen).isNull();
            server.stop(0);
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        serve(right, x -> {
            x.getResponseHeaders().set("Location", "https://mta-sts.a.test:" + server.getAddress().getPort() + "/ok");
            text(x.getRequestURI().getPath().equals("/ok") ? 200 : 301, "text/plain", POLICY).show(x);
        });
        assertThat(fetch()).isEqualTo(Fetched.failed("HTTP status 301"));
        assertThat(seen).endsWith("/.well-known/mta-sts.txt");
    }

    @Test
    void otherAnswersAreNoPolicies() throws Exception {
        serve(right, text(404, "text/plain", POLICY));
        assertThat(fetch()).isEqualTo(Fetched.failed("HTTP status 404"));
        server.stop(0);
        serve(right, text(200, "text/html", POLICY));
        assertThat(fetch()).isEqualTo(Fetched.failed("the file is not text/plain"));
        server.stop(0);
        serve(right, text(200, "text/plain", "hello"));
        assertThat(fetch().trouble()).startsWith("the file is no policy: ");
    }

    @Test
    void aLongFileIsNotReadToItsEnd() throws Exception {
        byte[] block = "x: 1\n".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
        CountDownLatch gaveUp = new CountDownLatch(1);
        serve(right, x -> {
            x.getResponseHeaders().set("Content-Type", "text/plain");
            x.sendResponseHeaders(200, 0);
            try {
                while (over.getCount() > 0)
                    x.getResponseBody().write(block);
            } finally {
                gaveUp.countDown();
            }
        });
        assertThat(fetch().trouble()).contains("65536");
        assertThat(gaveUp.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForLong() throws Exception {
        serve(right, x -> over.await());
        assertThat(fetch(Duration.ofSeconds(1))).isEqualTo(Fetched.failed("no answer within 1 s"));
    }
}
