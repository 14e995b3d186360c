package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.caravanmta.dns.DnsMxResolver;
import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure.Cause;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What DNS says through real servers: zones in NSD, asked by Unbound, asked by us. */
@Timeout(120)
class RealDnsTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;
    private static RealDns dns;
    private static DnsMxResolver resolver;

    @BeforeAll
    static void start() throws Exception {
        String chain = IntStream.range(0, 20).mapToObj(i -> "c%d CNAME c%d\n".formatted(i, i + 1))
                .collect(Collectors.joining()) + "c20 MX 10 mx\n";
        String many = IntStream.range(0, 1_000)
                .mapToObj(i -> "many MX %d a-rather-long-name-of-a-host-%d.many\n".formatted(1_000 - i, i))
                .collect(Collectors.joining())
                + IntStream.range(950, 1_000)
                        .mapToObj(i -> "a-rather-long-name-of-a-host-%d.many A 127.0.0.9\n".formatted(i))
                        .collect(Collectors.joining());
        dns = new RealDns(folder.resolve("dns"), "127.48.0").zone("zones.test", 30, """
                mx A 127.0.0.1
                mx2 A 127.0.0.2
                mx2 AAAA ::1
                plain MX 20 mx2
                plain MX 10 mx
                implicit A 127.0.0.3
                null MX 0 .
                nothing TXT "no mail host"
                dangling MX 10 gone
                alias CNAME plain
                viaalias MX 10 mxalias
                mxalias CNAME mx
                loop1 CNAME loop2
                loop2 CNAME loop1
                loopmx MX 10 loop1
                odd MX 10 a\\010b\\000c
                odd MX 20 mx
                *.wild MX 10 mx
                """ + chain + many).start();
        resolver = new DnsMxResolver(dns.servers(), new Random(1));
    }

    @AfterAll
    static void stop() throws Exception {
        if (resolver != null)
            resolver.close();
        if (dns != null)
            dns.close();
    }

    private static Route ask(String domain) throws Exception {
        return resolver.mailHosts(domain).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static void found(String domain, String... hosts) throws Exception {
        Route r = ask(domain + ".zones.test");
        assertThat(r.failure()).isNull();
        assertThat(r.hosts()).extracting(h -> h.preference() + " " + h.name()).containsExactly(hosts);
    }

    private static void failed(String domain, Cause cause) throws Exception {
        Route r = ask(domain + ".zones.test");
        assertThat(r.hosts()).isEmpty();
        assertThat(r.failure().cause()).as(r.failure().detail()).isEqualTo(cause);
    }

    @Test
    void whatTheRecordsSayIsWhatIsFound() throws Exception {
        found("plain", "10 mx.zones.test", "20 mx2.zones.test");
        found("implicit", "0 implicit.zones.test");
        found("alias", "10 mx.zones.test", "20 mx2.zones.test");
        found("viaalias", "10 mxalias.zones.test");
        found("odd", "20 mx.zones.test");
        found("any.thing.wild", "10 mx.zones.test");
        failed("null", Cause.NULL_MX);
        failed("nothing", Cause.NO_MAIL_HOST);
        failed("dangling", Cause.NO_MAIL_HOST);
        failed("gone", Cause.NO_SUCH_DOMAIN);
    }

    @Test
    void circlesAndEndlessChainsOfCnamesAreTemporary() throws Exception {
        failed("loop1", Cause.DNS_TEMPORARY);
        failed("loopmx", Cause.DNS_TEMPORARY);
        failed("c0", Cause.DNS_TEMPORARY);
        found("c15", "10 mx.zones.test");
    }

    @Test
    void anAnswerThatFitsNoDatagramComesOverTcp() throws Exception {
        Route r = ask("many.zones.test");
        assertThat(r.failure()).isNull();
        assertThat(r.hosts()).hasSize(20).extracting(MailHost::preference).startsWith(1, 2, 3);
    }

    /** A server that asks nobody knows its own zones and refuses the rest. */
    @Test
    void aServerThatIsNotRecursiveIsNoReasonToBounce() throws Exception {
        try (DnsMxResolver direct = new DnsMxResolver(List.of(dns.authoritative()), new Random(1))) {
            assertThat(direct.mailHosts("plain.zones.test").toCompletableFuture().get(60, TimeUnit.SECONDS).hosts())
                    .hasSize(2);
            assertThat(
                    direct.mailHosts("example.com").toCompletableFuture().get(60, TimeUnit.SECONDS).failure().cause())
                    .isEqualTo(Cause.DNS_TEMPORARY);
        }
    }

    /** The zone's server is gone, the recursive one is there: that is trouble of one domain, for a while. */
    @Test
    void aDeadZoneIsTemporaryAndComesBack(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path own) throws Exception {
        try (RealDns other = new RealDns(own, "127.48.1")
                .zone("dead.test", 1, "a MX 10 mx\nb MX 10 mx\nmx A 127.0.0.1\n")
                .start(); DnsMxResolver asks = new DnsMxResolver(other.servers(), new Random(1))) {
            other.killNsd();
            Route dead = asks.mailHosts("a.dead.test").toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(dead.failure().cause()).as(dead.failure().detail()).isEqualTo(Cause.DNS_TEMPORARY);
            assertThat(asks.blind()).as("the recursive server is there").isFalse();
            other.startNsd();
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> asks
                    .mailHosts("b.dead.test").toCompletableFuture().get(60, TimeUnit.SECONDS).failure() == null);
        }
    }

    /** The SOA's minimum, 1 s here, is how long a "no" holds (RFC 2308). */
    @Test
    void aDomainThatIsNewIsFoundOnceTheNoIsOver(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path own) throws Exception {
        try (RealDns other = new RealDns(own, "127.48.2").zone("new.test", 1, "mx A 127.0.0.1\n").start();
                DnsMxResolver asks = new DnsMxResolver(other.servers(), new Random(1))) {
            assertThat(
                    asks.mailHosts("late.new.test").toCompletableFuture().get(60, TimeUnit.SECONDS).failure().cause())
                    .isEqualTo(Cause.NO_SUCH_DOMAIN);
            other.killNsd();
            other.zone("new.test", 1, "mx A 127.0.0.1\nlate MX 10 mx\n").startNsd();
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> asks
                    .mailHosts("late.new.test").toCompletableFuture().get(60, TimeUnit.SECONDS).failure() == null);
        }
    }

    static String zone(int domains) throws IOException {
        return IntStream.range(0, domains).mapToObj(i -> "d%d MX 10 mx\n".formatted(i)).collect(Collectors.joining());
    }
}
