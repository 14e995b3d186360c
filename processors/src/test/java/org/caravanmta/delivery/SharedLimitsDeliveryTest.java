package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.Cidr;
import org.caravanmta.config.Rate;
import org.caravanmta.config.VirtualMta;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits that several queues share, judged by what the receiver sees: kept, used, and nobody starves. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedLimitsDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Rate UNLIMITED = Rate.UNLIMITED;

    private final DeliveryFixture gateway = new DeliveryFixture();
    private TestMx mx;

    @BeforeEach
    void receive() throws Exception {
        mx = new TestMx("127.0.0.2", r -> null);
        gateway.settings.put("*", DeliveryFixture.to("127.0.0.2", mx.port(), 20, UNLIMITED, SECOND, HOUR));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        mx.close();
    }

    private void enqueue(String virtualMta, String domain, int messages) {
        for (int i = 0; i < messages; i++)
            gateway.enqueue(virtualMta, i + "@" + domain);
    }

    private List<Windows.Event> events(String domain) {
        return mx.received.stream().filter(r -> r.recipients().getFirst().endsWith("@" + domain))
                .map(r -> new Windows.Event(r.atNanos(), 1)).toList();
    }

    @Test
    void destinationsShareTheMessageRateInTurn() throws Exception {
        gateway.virtualMta("mta1", "127.0.1.1", new VirtualMta.Limits(0, new Rate(10, SECOND), UNLIMITED));
        gateway.start();
        enqueue("mta1", "a.example", 200);
        enqueue("mta1", "b.example", 20);
        enqueue("mta1", "c.example", 20);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSizeGreaterThanOrEqualTo(50));
        List<Windows.Event> all = mx.received.stream().map(r -> new Windows.Event(r.atNanos(), 1)).toList();
        assertThat(Windows.most(all, SECOND)).isEqualTo(10);
        assertThat(Windows.within(all, Duration.ofMillis(3300))).isGreaterThanOrEqualTo(40);
        for (String domain : List.of("a.example", "b.example", "c.example"))
            // the first one has the first two seconds nearly for itself, while the others have no connection yet
            assertThat(events(domain).size()).as(domain).isGreaterThanOrEqualTo(8);
    }

    @Test
    void destinationsShareTheDataVolume() throws Exception {
        gateway.virtualMta("mta1", "127.0.1.1", new VirtualMta.Limits(0, UNLIMITED, new Rate(100, SECOND)));
        gateway.start();
        enqueue("mta1", "a.example", 8);
        enqueue("mta1", "b.example", 8);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(16));
        List<Windows.Event> bytes = mx.received.stream()
                .map(r -> new Windows.Event(r.atNanos(), r.data().length())).toList();
        int size = mx.received.getFirst().data().length();
        assertThat(Windows.most(bytes, SECOND)).isEqualTo(100 / size * size);
        assertThat(Windows.within(bytes, Duration.ofMillis(3300))).isEqualTo(16L * size);
    }

    @Test
    void destinationsShareTheConnections() throws Exception {
        mx.delayMs = 3;
        gateway.virtualMta("mta1", "127.0.1.1", new VirtualMta.Limits(3, UNLIMITED, UNLIMITED));
        gateway.start();
        for (int d = 0; d < 6; d++)
            enqueue("mta1", "d" + d + ".example", 30);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(180));
        assertThat(mx.maxOpen.get()).isEqualTo(3);
    }

    @Test
    void aDestinationWithoutEndDoesNotKeepTheLastConnection() throws Exception {
        mx.delayMs = 5;
        gateway.virtualMta("mta1", "127.0.1.1", new VirtualMta.Limits(1, UNLIMITED, UNLIMITED));
        gateway.start();
        enqueue("mta1", "endless.example", 1500);
        await().untilAsserted(() -> assertThat(mx.received).isNotEmpty());
        enqueue("mta1", "small.example", 3);
        await().atMost(Duration.ofSeconds(4)).untilAsserted(() -> assertThat(events("small.example")).hasSize(3));
        await().untilAsserted(() -> assertThat(mx.received.getLast().recipients().getFirst()).contains("endless"));
        assertThat(mx.maxOpen.get()).isEqualTo(1);
    }

    @Test
    void virtualMtasShareTheTotalAndAnIdleConnectionIsGivenUp() throws Exception {
        gateway.totalMaxSmtpOut = 1;
        gateway.virtualMta("mta1", "127.0.1.1");
        gateway.virtualMta("mta2", "127.0.1.2");
        gateway.virtualMta("mta3", "127.0.1.3");
        gateway.start();
        for (int round = 0; round < 3; round++)
            for (int v = 1; v <= 3; v++) {
                int before = mx.received.size();
                enqueue("mta" + v, "d.example", 5);
                await().atMost(Duration.ofMillis(900)).untilAsserted(() -> assertThat(mx.received).hasSize(before + 5));
            }
        for (int v = 1; v <= 3; v++)
            enqueue("mta" + v, "d.example", 50);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(195));
        assertThat(mx.maxOpen.get()).isEqualTo(1);
    }

    @Test
    void virtualMtasShareTheLimitOfTheirSourceToANetwork() throws Exception {
        mx.delayMs = 3;
        gateway.toIp = List.of(new CaravanConfig.IpLimit(Cidr.parse("127.0.0.0/24"), 2));
        gateway.virtualMta("mta1", "127.0.1.1");
        gateway.virtualMta("mta2", "127.0.1.1");
        gateway.start();
        enqueue("mta1", "a.example", 300);
        await().untilAsserted(() -> assertThat(mx.received).isNotEmpty());
        enqueue("mta2", "b.example", 20);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(320));
        assertThat(mx.maxOpen.get()).isEqualTo(2);
    }

    @Test
    void aSourceAtItsLimitToANetworkIsPassedOver() throws Exception {
        mx.delayMs = 3;
        gateway.toIp = List.of(new CaravanConfig.IpLimit(Cidr.parse("127.0.0.2"), 1));
        gateway.virtualMta("mta1", "127.0.1.1 127.0.1.2 127.0.1.3");
        gateway.start();
        enqueue("mta1", "a.example", 100);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(100));
        assertThat(mx.maxOpen.get()).isEqualTo(3);
        assertThat(mx.received).extracting(TestMx.Received::client).contains("127.0.1.1", "127.0.1.2", "127.0.1.3");
    }
}
