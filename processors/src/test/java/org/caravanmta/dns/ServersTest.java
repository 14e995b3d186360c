package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure.Cause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.hosts.HostsFileParser;

/** Name servers that go and come back. */
@Timeout(60)
class ServersTest {

    @TempDir
    Path folder;
    private ZoneServer first;
    private ZoneServer second;

    @BeforeEach
    void start() throws Exception {
        first = new ZoneServer("127.0.0.53");
        second = new ZoneServer("127.0.0.54");
        for (ZoneServer z : List.of(first, second))
            for (int i = 0; i < 50; i++)
                z.add("d" + i + ".example", "A", "192.0.2.1");
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
    }

    private DnsMxResolver resolver(InetSocketAddress... servers) {
        return new DnsMxResolver(List.of(servers), new Random(1), Duration.ofMillis(300),
                new HostsFileParser(folder.resolve("hosts"), false));
    }

    private static Route get(CompletableFuture<Route> route) throws Exception {
        return route.get(30, TimeUnit.SECONDS);
    }

    private static Route ask(DnsMxResolver resolver, String domain) throws Exception {
        return get(resolver.mailHosts(domain).toCompletableFuture());
    }

    @Test
    void aDeadServerIsAskedOnceAndThenLeftAloneUntilItIsBack() throws Exception {
        first.mode(ZoneServer.Mode.SILENT);
        try (DnsMxResolver both = resolver(first.address(), second.address())) {
            assertThat(ask(both, "d0.example").hosts()).hasSize(1);
            int asked = first.questions();
            second.mode(ZoneServer.Mode.SERVFAIL); // the other one is no longer preferred
            assertThat(ask(both, "d1.example").failure().cause()).isEqualTo(Cause.DNS_TEMPORARY);
            assertThat(first.questions()).as("a dead server is not asked").isEqualTo(asked);
            assertThat(both.nameServers()).contains(first.address().getPort() + " (does not answer)");
            first.mode(ZoneServer.Mode.NORMAL);
            await().atMost(Duration.ofSeconds(20)).until(() -> !both.nameServers().contains("does not answer"));
            assertThat(ask(both, "d2.example").hosts()).hasSize(1);
        }
    }

    @Test
    void aServerThatIsSlowWithOneNameIsNotDead() throws Exception {
        first.mode("slow.example", ZoneServer.Mode.SILENT);
        try (DnsMxResolver one = resolver(first.address())) {
            CompletableFuture<Route> slow = one.mailHosts("slow.example").toCompletableFuture();
            assertThat(ask(one, "d0.example").hosts()).hasSize(1);
            assertThat(get(slow).failure().cause()).isEqualTo(Cause.DNS_TEMPORARY);
            assertThat(one.blind()).isFalse();
            assertThat(ask(one, "d1.example").hosts()).hasSize(1);
        }
    }

    @Test
    void lookupsWaitWhileNobodyAnswers() throws Exception {
        first.mode(ZoneServer.Mode.SILENT);
        second.mode(ZoneServer.Mode.SILENT);
        try (DnsMxResolver both = resolver(first.address(), second.address())) {
            List<CompletableFuture<Route>> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++)
                waiting.add(both.mailHosts("d" + i + ".example").toCompletableFuture());
            await().atMost(Duration.ofSeconds(20)).until(both::blind);
            int asked = first.questions() + second.questions();
            CompletableFuture<Route> late = both.mailHosts("late.example").toCompletableFuture();
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            assertThat(first.questions() + second.questions()).as("nobody is asked for nothing").isEqualTo(asked);
            second.mode(ZoneServer.Mode.NORMAL);
            for (CompletableFuture<Route> w : waiting)
                assertThat(get(w).hosts()).hasSize(1);
            assertThat(get(late).failure().cause()).isEqualTo(Cause.NO_SUCH_DOMAIN);
        }
    }

    @Test
    void refusedPortsCountAsDeadAtOnce() throws Exception {
        int port;
        try (DatagramSocket s = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.55"), 0))) {
            port = s.getLocalPort();
        }
        try (DnsMxResolver both = resolver(new InetSocketAddress("127.0.0.55", port), second.address())) {
            assertThat(ask(both, "d0.example").hosts()).hasSize(1);
            assertThat(both.nameServers()).contains("127.0.0.55:" + port + " (does not answer), 127.0.0.54");
        }
    }

    @Test
    void otherServersAreTakenOverAndWhatWaitsIsPutToThem() throws Exception {
        first.mode(ZoneServer.Mode.SILENT);
        try (DnsMxResolver one = resolver(first.address())) {
            CompletableFuture<Route> waiting = one.mailHosts("d0.example").toCompletableFuture();
            await().atMost(Duration.ofSeconds(20)).until(one::blind);
            one.use(List.of(second.address()), 1232);
            assertThat(get(waiting).hosts()).hasSize(1);
            assertThat(one.nameServers()).isEqualTo("127.0.0.54:" + second.address().getPort());
        }
    }

    @Test
    void closingEndsWhatWaits() throws Exception {
        first.mode(ZoneServer.Mode.SILENT);
        DnsMxResolver one = resolver(first.address());
        CompletableFuture<Route> waiting = one.mailHosts("d0.example").toCompletableFuture();
        await().atMost(Duration.ofSeconds(20)).until(one::blind);
        one.close();
        assertThat(get(waiting).failure().cause()).isEqualTo(Cause.DNS_TEMPORARY);
    }

    @Test
    void aHostOfManyDomainsIsAskedForOnce() throws Exception {
        first.hold().add("mx.shared.example", "A", "192.0.2.9");
        for (int i = 0; i < 40; i++)
            first.add("shared" + i + ".example", "MX", "10 mx.shared.example.");
        try (DnsMxResolver one = resolver(first.address())) {
            first.open();
            List<CompletableFuture<Route>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++)
                all.add(one.mailHosts("shared" + i + ".example").toCompletableFuture());
            for (CompletableFuture<Route> r : all)
                assertThat(get(r).hosts()).hasSize(1);
            assertThat(first.questions("mx.shared.example", "A")).isEqualTo(1);
        }
    }

    @Test
    void portsAndIdsAreNotToBeGuessed() throws Exception {
        Set<Integer> ids = ConcurrentHashMap.newKeySet();
        first.edit(m -> ids.add(m.getHeader().getID()));
        try (DnsMxResolver one = resolver(first.address())) {
            for (int i = 0; i < 50; i++)
                ask(one, "d" + i + ".example");
        }
        assertThat(ids).hasSizeGreaterThan(140); // of 150
        assertThat(first.clientPorts()).hasSizeGreaterThan(140);
        Set<Integer> steps = new HashSet<>();
        List<Integer> ports = first.clientPorts();
        for (int i = 1; i < ports.size(); i++)
            steps.add(ports.get(i) - ports.get(i - 1));
        assertThat(steps).hasSizeGreaterThan(100);
    }

    @Test
    void precachedDomainsAreKnownBeforeTheirMailComes() throws Exception {
        Path file = folder.resolve("precached");
        Files.writeString(file,
                "d0.example\n# d1.example\n\n d2.example # the third\nnot a domain\nd3.example\nd4.example");
        try (DnsMxResolver one = resolver(first.address()); PrecachedDomains precached = new PrecachedDomains(one)) {
            precached.use(file, Duration.ofMillis(50), 4);
            await().atMost(Duration.ofSeconds(20)).until(() -> first.questions("d3.example", "A") == 1);
            Files.writeString(file, "d5.example");
            await().atMost(Duration.ofSeconds(20)).until(() -> first.questions("d5.example", "A") == 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> one.mailHosts("d5.example").toCompletableFuture().isDone());
            assertThat(first.questions("d0.example", "A")).isEqualTo(1);
            assertThat(first.questions("d2.example", "A")).isEqualTo(1);
            assertThat(first.questions("d1.example", "MX")).isZero();
            assertThat(first.questions("d4.example", "MX")).as("one too many").isZero();
            assertThat(one.mailHosts("d0.example").toCompletableFuture()).isCompleted();
        }
    }
}
