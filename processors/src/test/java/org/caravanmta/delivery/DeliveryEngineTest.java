package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.Rate;
import org.caravanmta.message.Outcome;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryEngineTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final DeliveryFixture gateway = new DeliveryFixture();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static DomainSettings plain(TestMx mx) {
        return DeliveryFixture.to("127.0.0.2", mx.port(), 20, Rate.UNLIMITED, SECOND, HOUR);
    }

    @Test
    void mailLeavesFromItsVirtualMtasOwnAddressAndName() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", plain(mx));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.virtualMta("mta2", "127.0.1.2");
            gateway.start();
            for (int i = 0; i < 50; i++) {
                gateway.enqueue("mta1", "a" + i + "@one.example");
                gateway.enqueue("mta2", "b" + i + "@two.example");
            }
            await().untilAsserted(() -> assertThat(gateway.count(Outcome.Delivered.class)).isEqualTo(100));
            assertThat(mx.received).allSatisfy(m -> assertThat(m.client() + " " + m.ehlo())
                    .isEqualTo(m.recipients().getFirst().startsWith("a") ? "127.0.1.1 mta1.example.com"
                            : "127.0.1.2 mta2.example.com"));
        }
    }

    @Test
    void aDeferredRecipientIsTriedAgainAndOthersAreNot() throws Exception {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        try (TestMx mx = new TestMx("127.0.0.2", r -> {
            int times = seen.merge(r, 1, Integer::sum);
            return r.startsWith("later") && times == 1 ? "451 4.7.1 later"
                    : r.startsWith("bad") ? "550 5.1.1 no" : null;
        })) {
            gateway.settings.put("*", plain(mx));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            gateway.enqueue("mta1", "good@x.example", "later@x.example", "bad@x.example");
            await().untilAsserted(() -> assertThat(gateway.outcomes).hasSize(4));
            assertThat(seen).containsExactlyInAnyOrderEntriesOf(
                    Map.of("good@x.example", 1, "later@x.example", 2, "bad@x.example", 1));
            assertThat(gateway.count(Outcome.Delivered.class)).isEqualTo(2);
            assertThat(gateway.count(Outcome.Bounced.class)).isEqualTo(1);
            assertThat(gateway.count(Outcome.Deferred.class)).isEqualTo(1);
            await().untilAsserted(() -> assertThat(gateway.store.count(QueueNames.virtualMta("mta1"))).isZero());
        }
    }

    @Test
    void connectionsNeverExceedMaxSmtpOut() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", DeliveryFixture.to("127.0.0.2", mx.port(), 3, Rate.UNLIMITED, SECOND, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            for (int i = 0; i < 300; i++)
                gateway.enqueue("mta1", i + "@x.example");
            await().untilAsserted(() -> assertThat(mx.received).hasSize(300));
            assertThat(mx.maxOpen.get()).isEqualTo(3);
        }
    }

    @Test
    void theMessageRateHoldsInEveryWindowAndIsUsed() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*",
                    DeliveryFixture.to("127.0.0.2", mx.port(), 5, new Rate(10, SECOND), SECOND, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            for (int i = 0; i < 35; i++)
                gateway.enqueue("mta1", i + "@x.example");
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(mx.received).hasSize(35));
            List<Long> stamps = mx.received.stream().map(TestMx.Received::atNanos).sorted().toList();
            for (int i = 10; i < stamps.size(); i++)
                assertThat(stamps.get(i) - stamps.get(i - 10)).isGreaterThan(SECOND.toNanos() - 1);
            assertThat(stamps.getLast() - stamps.getFirst()).isLessThan(Duration.ofSeconds(6).toNanos());
        }
    }

    @Test
    void aDeadDestinationIsSplitOffAndNeverBlocksTheOthers() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", plain(mx));
            gateway.settings.put("dead.example", DeliveryFixture.to("127.0.0.2", 1, 20, Rate.UNLIMITED, HOUR, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            for (int i = 0; i < 6000; i++)
                gateway.enqueue("mta1", i + "@dead.example");
            for (int i = 0; i < 200; i++)
                gateway.enqueue("mta1", i + "@alive.example");
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(mx.received).hasSize(200));
            await().untilAsserted(() -> assertThat(gateway.store.count(QueueNames.virtualMta("mta1"))).isZero());
            assertThat(gateway.store.count(QueueNames.destination("mta1", "dead.example"))).isGreaterThan(5000);
        }
    }

    @Test
    void whatCannotLeaveSoonIsOutOfTheWayBeforeAnybodyElseComes() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.3"))) {
            gateway.settings.put("dead.example", DeliveryFixture.to("127.0.0.2", 1, 20, Rate.UNLIMITED, HOUR, HOUR));
            gateway.settings.put("silent.example",
                    DeliveryFixture.to("127.0.0.3", silent.getLocalPort(), 20, Rate.UNLIMITED, HOUR, HOUR));
            gateway.settings.put("slow.example",
                    DeliveryFixture.to("127.0.0.2", mx.port(), 20, new Rate(1, HOUR), SECOND, HOUR));
            for (String only : List.of("dead", "silent", "slow"))
                gateway.virtualMta(only, "127.0.1.1");
            gateway.start();
            for (String only : List.of("dead", "silent", "slow"))
                for (int i = 0; i < 300; i++)
                    gateway.enqueue(only, i + "@" + only + ".example");
            for (String only : List.of("dead", "silent", "slow"))
                await(only).untilAsserted(() -> {
                    assertThat(gateway.store.count(QueueNames.virtualMta(only))).isLessThan(30);
                    assertThat(gateway.store.count(QueueNames.destination(only, only + ".example")))
                            .isGreaterThan(200);
                });
        }
    }

    @Test
    void aRecoveredDestinationDrainsItsSplitQueueAndTheQueueGoesAway() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", plain(mx));
            int port;
            try (TestMx gone = new TestMx("127.0.0.3", r -> null)) {
                port = gone.port();
            }
            gateway.settings.put("lazy.example",
                    DeliveryFixture.to("127.0.0.3", port, 5, Rate.UNLIMITED, SECOND, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            for (int i = 0; i < 500; i++) {
                gateway.enqueue("mta1", i + "@lazy.example");
                gateway.enqueue("mta1", i + "@alive.example");
            }
            await().untilAsserted(() -> assertThat(mx.received).hasSize(500));
            gateway.settings.put("lazy.example",
                    DeliveryFixture.to("127.0.0.2", mx.port(), 5, Rate.UNLIMITED, SECOND, HOUR));
            gateway.reload();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(mx.received).hasSize(1000));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(
                    () -> assertThat(gateway.store.queues(QueueNames.VMTA))
                            .containsExactly(QueueNames.virtualMta("mta1")));
        }
    }

    @Test
    void bounceAfterExpiresMailThatWasNeverTried() throws Exception {
        gateway.settings.put("*",
                DeliveryFixture.to("127.0.0.2", 1, 20, Rate.UNLIMITED, SECOND, Duration.ofSeconds(2)));
        gateway.virtualMta("mta1", "127.0.1.1");
        gateway.start();
        gateway.enqueue("mta1", System.currentTimeMillis() - 10_000, null, "old@x.example");
        gateway.enqueue("mta1", "young@x.example");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gateway.count(Outcome.Expired.class)).isEqualTo(2));
        assertThat(gateway.store.count(QueueNames.virtualMta("mta1"))).isZero();
    }

    @Test
    void aMissingSourceAddressMakesTheMailWait() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", plain(mx));
            gateway.virtualMta("away", "192.0.2.77");
            gateway.virtualMta("here", "127.0.1.1");
            gateway.start();
            gateway.enqueue("away", "a@x.example");
            gateway.enqueue("here", "b@x.example");
            await().untilAsserted(() -> assertThat(mx.received).hasSize(1));
            assertThat(gateway.outcomes).hasSize(1);
            assertThat(gateway.store.count(QueueNames.virtualMta("away"))).isEqualTo(1);
        }
    }

    @Test
    void theNextHostIsTriedWhenOneRefusesAndWhenASourceIsMissing() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            DomainSettings one = DeliveryFixture.to("127.0.0.2", mx.port(), 5, Rate.UNLIMITED, HOUR, HOUR);
            DomainSettings refuses = DeliveryFixture.to("127.0.0.3", 1, 5, Rate.UNLIMITED, HOUR, HOUR);
            gateway.settings.put("*", DeliveryFixture.then(refuses, one));
            gateway.virtualMta("mta1", "192.0.2.77 127.0.1.1");
            gateway.start();
            for (int i = 0; i < 20; i++)
                gateway.enqueue("mta1", i + "@x.example");
            await().untilAsserted(() -> assertThat(mx.received).hasSize(20));
        }
    }

    @Test
    void aDomainThatDoesNotExistBounces() throws Exception {
        gateway.settings.put("*",
                new DomainSettings(List.of(), 20, Rate.UNLIMITED, 0, 1000, List.of(SECOND), SECOND, HOUR, 25,
                        10, false, true, false, false, false, false,
                        new DomainSettings.Timeouts(SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND),
                        DomainSettings.Limits.NONE));
        gateway.virtualMta("mta1", "127.0.1.1");
        gateway.start();
        gateway.enqueue("mta1", "a@nowhere.example");
        await().untilAsserted(() -> assertThat(gateway.outcomes).hasSize(1));
        assertThat(gateway.outcomes.getFirst()).isInstanceOfSatisfying(Outcome.Bounced.class,
                b -> assertThat(b.failure().cause()).isEqualTo(Failure.Cause.NO_SUCH_DOMAIN));
    }

    @Test
    void afterATemporaryDnsErrorDnsIsAskedAgainSoonAndNothingBounces() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            DomainSettings s = DeliveryFixture.byMx(plain(mx), mx.port());
            gateway.settings.put("*", new DomainSettings(s.smtpHosts(), s.maxSmtpOut(), s.maxMsgRate(),
                    s.maxMsgPerConnection(), s.maxRcptPerTransaction(), List.of(HOUR), SECOND, HOUR,
                    s.defaultSmtpPort(),
                    s.mxConnectionAttempts(), true, true, false, false, false, false, s.timeouts(), s.limits()));
            gateway.dnsTrouble("x.example");
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            gateway.enqueue("mta1", "a@x.example");
            await().untilAsserted(() -> assertThat(gateway.outcomes).isNotEmpty());
            gateway.mx("x.example", "10 mx.x.example 127.0.0.2");
            await().untilAsserted(() -> assertThat(mx.received).hasSize(1));
            assertThat(gateway.count(Outcome.Bounced.class)).isZero();
        }
    }

    @Test
    void aMessageThatBreaksOurCodeIsParkedAndItsNeighboursFlow() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", plain(mx));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            gateway.enqueue("mta1", "a@x.example");
            gateway.enqueue("mta1", System.currentTimeMillis(), "poison", "b@x.example");
            gateway.enqueue("mta1", "c@x.example");
            await().untilAsserted(() -> assertThat(gateway.count(Outcome.Delivered.class)).isEqualTo(2));
            await().untilAsserted(() -> assertThat(gateway.store.count(QueueNames.PARKED)).isEqualTo(1));
            assertThat(gateway.store.parkedReasons).containsExactly("broken by test: poison");
        }
    }
}
