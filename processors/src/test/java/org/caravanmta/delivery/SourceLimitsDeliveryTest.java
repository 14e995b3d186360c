package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.Cidr;
import org.caravanmta.config.DomainSettings.Limits;
import org.caravanmta.config.DomainSettings.SourceLimits;
import org.caravanmta.config.Rate;
import org.caravanmta.config.SourceValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of each source address within a queue, judged by what the receiver sees. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SourceLimitsDeliveryTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Rate UNLIMITED = Rate.UNLIMITED;
    private static final String FIRST = "127.0.1.1";
    private static final String SECOND_SOURCE = "127.0.1.2";

    private final DeliveryFixture gateway = new DeliveryFixture();
    private TestMx mx;

    @BeforeEach
    void receive() throws Exception {
        mx = new TestMx("127.0.0.2", r -> null);
        gateway.virtualMta("mta1", FIRST + " " + SECOND_SOURCE);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        mx.close();
    }

    private void start(int maxSmtpOut, int maxMsgPerConnection, SourceLimits perSource, int messages) {
        gateway.settings.put("*",
                DeliveryFixture.with(DeliveryFixture.to("127.0.0.2", mx.port(), maxSmtpOut, UNLIMITED, SECOND,
                        Duration.ofHours(1)), maxMsgPerConnection,
                        new Limits(UNLIMITED, UNLIMITED, Duration.ZERO, 0, perSource)));
        gateway.start();
        for (int i = 0; i < messages; i++)
            gateway.enqueue("mta1", i + "@x.example");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(messages));
    }

    private static <T> SourceValue<T> of(String network, T value) {
        return new SourceValue<>(Cidr.parse(network), value);
    }

    private List<Windows.Event> from(String source) {
        return mx.received.stream().filter(r -> r.client().equals(source))
                .map(r -> new Windows.Event(r.atNanos(), 1)).toList();
    }

    @Test
    void eachSourceKeepsItsRateAndBothAreUsed() {
        start(20, 0, new SourceLimits(List.of(), List.of(of("127.0.1.0/24", new Rate(10, SECOND)),
                of(SECOND_SOURCE + "/32", new Rate(5, SECOND))), List.of(), List.of()), 60);
        assertThat(Windows.most(from(FIRST), SECOND)).isEqualTo(10);
        assertThat(Windows.most(from(SECOND_SOURCE), SECOND)).isEqualTo(5);
        assertThat(Windows.within(from(FIRST), Duration.ofMillis(3300))).isEqualTo(40);
        assertThat(from(SECOND_SOURCE)).hasSize(20);
    }

    @Test
    void withOneConnectionTheSourcesTakeTurns() {
        start(1, 0, new SourceLimits(List.of(), List.of(of("0/0", new Rate(5, SECOND))), List.of(), List.of()), 40);
        assertThat(mx.maxOpen.get()).isEqualTo(1);
        assertThat(Windows.most(from(FIRST), SECOND)).isEqualTo(5);
        assertThat(Windows.most(from(SECOND_SOURCE), SECOND)).isEqualTo(5);
        assertThat(from(FIRST)).hasSizeBetween(15, 25);
    }

    @Test
    void dataVolumeOfASource() {
        start(20, 0, new SourceLimits(List.of(), List.of(), List.of(), List.of(of("0/0", new Rate(100, SECOND)))), 24);
        int most = 100 / mx.received.getFirst().data().length();
        assertThat(Windows.most(from(FIRST), SECOND)).isEqualTo(most);
        assertThat(Windows.most(from(SECOND_SOURCE), SECOND)).isEqualTo(most);
        assertThat(from(FIRST)).hasSize(12);
    }

    @Test
    void connectionsAndAttemptsOfASource() {
        mx.delayMs = 2;
        start(20, 1, new SourceLimits(List.of(of("0/0", 2)), List.of(), List.of(of("0/0", new Rate(5, SECOND))),
                List.of()), 30);
        assertThat(mx.maxOpen.get()).isLessThanOrEqualTo(4);
        for (String source : List.of(FIRST, SECOND_SOURCE)) {
            List<Windows.Event> opened = mx.opened.stream().filter(o -> o.client().equals(source))
                    .map(o -> new Windows.Event(o.atNanos(), 1)).toList();
            assertThat(Windows.most(opened, SECOND)).isEqualTo(5);
            assertThat(opened).hasSize(15);
        }
    }
}
