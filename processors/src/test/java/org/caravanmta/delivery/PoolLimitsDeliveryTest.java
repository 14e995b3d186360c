package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.Domains;
import org.caravanmta.config.Rate;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.VirtualMtaPool.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of pools, whose members are on several event loops, judged by what the receiver sees. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolLimitsDeliveryTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Rate UNLIMITED = Rate.UNLIMITED;
    private static final int MEMBERS = 5;

    private final DeliveryFixture gateway = new DeliveryFixture();
    private TestMx mx;

    @BeforeEach
    void receive() throws Exception {
        mx = new TestMx("127.0.0.2", r -> null);
        gateway.settings.put("*",
                DeliveryFixture.to("127.0.0.2", mx.port(), 20, UNLIMITED, SECOND, Duration.ofHours(1)));
        for (int m = 0; m < MEMBERS; m++)
            gateway.virtualMta("mta" + m, "127.0.1." + (m + 1));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        mx.close();
    }

    private void pool(String name, VirtualMta.Limits limits, String... members) {
        gateway.pools.put(name, new VirtualMtaPool(name,
                List.of(members).stream().map(m -> new Member(m, 1)).toList(), null, Domains.none(), limits));
    }

    private void enqueue(int member, int messages) {
        for (int i = 0; i < messages; i++)
            gateway.enqueue("mta" + member, i + "@" + (i % 2 == 0 ? "a" : "b") + ".example");
    }

    private List<Windows.Event> events() {
        return mx.received.stream().map(r -> new Windows.Event(r.atNanos(), 1)).toList();
    }

    private long from(int member) {
        return mx.received.stream().filter(r -> r.client().equals("127.0.1." + (member + 1))).count();
    }

    @Test
    void membersShareTheMessageRateInTurn() throws Exception {
        pool("p", new VirtualMta.Limits(0, new Rate(25, SECOND), UNLIMITED), "mta0", "mta1", "mta2", "mta3", "mta4");
        gateway.start();
        enqueue(0, 200);
        await().atMost(PATIENCE).until(() -> mx.received.size() >= 25);
        for (int m = 1; m < MEMBERS; m++)
            enqueue(m, 20);
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int m = 1; m < MEMBERS; m++)
                assertThat(from(m)).as("member %s", m).isEqualTo(20);
        });
        assertThat(Windows.most(events(), SECOND)).isEqualTo(25);
        assertThat(from(0)).as("the first one takes turns").isBetween(35L, 90L);
        assertThat(Windows.most(events(), Duration.ofMillis(4400))).isGreaterThanOrEqualTo(100);
    }

    @Test
    void membersShareTheConnectionsInTurn() throws Exception {
        pool("p", new VirtualMta.Limits(3, UNLIMITED, UNLIMITED), "mta0", "mta1", "mta2", "mta3", "mta4");
        mx.delayMs = 5;
        gateway.start();
        for (int m = 0; m < MEMBERS; m++)
            enqueue(m, 60);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(MEMBERS * 60));
        assertThat(mx.maxOpen.get()).isEqualTo(3);
    }

    @Test
    void whoIsInTwoPoolsIsHeldByBothAndOthersByNone() throws Exception {
        pool("p", new VirtualMta.Limits(0, new Rate(10, SECOND), UNLIMITED), "mta0", "mta1");
        pool("q", new VirtualMta.Limits(0, UNLIMITED, new Rate(200, SECOND)), "mta1", "mta2");
        gateway.start();
        for (int m = 0; m < 4; m++)
            enqueue(m, 20);
        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(from(3)).isEqualTo(20));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(80));
        int size = mx.received.getFirst().data().length();
        assertThat(most("127.0.1.1", "127.0.1.2")).isEqualTo(10);
        assertThat(most("127.0.1.2", "127.0.1.3") * size).isLessThanOrEqualTo(200).isGreaterThan(200 - size);
    }

    private long most(String... clients) {
        return Windows.most(mx.received.stream().filter(r -> List.of(clients).contains(r.client()))
                .map(r -> new Windows.Event(r.atNanos(), 1)).toList(), SECOND);
    }

    /** Other members win the place between the question and the start all the time. */
    @Test
    void manyMembersOnAFastRateLoseNothing() throws Exception {
        pool("p", new VirtualMta.Limits(0, new Rate(400, SECOND), UNLIMITED), "mta0", "mta1", "mta2", "mta3", "mta4");
        gateway.start();
        for (int i = 0; i < 4; i++)
            for (int m = 0; m < MEMBERS; m++)
                enqueue(m, 60);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(MEMBERS * 240));
        assertThat(Windows.most(events(), SECOND)).isLessThanOrEqualTo(400);
        assertThat(Windows.most(events(), Duration.ofMillis(2200))).as("used").isGreaterThanOrEqualTo(720);
    }
}
