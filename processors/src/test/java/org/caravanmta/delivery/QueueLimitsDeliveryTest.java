package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.DomainSettings.Limits;
import org.caravanmta.config.DomainSettings.SourceLimits;
import org.caravanmta.config.Rate;
import org.caravanmta.message.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of a queue, judged by what its receiver sees. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueLimitsDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration NONE = Duration.ZERO;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Rate UNLIMITED = Rate.UNLIMITED;

    private final DeliveryFixture gateway = new DeliveryFixture();
    private TestMx mx;

    @BeforeEach
    void receive() throws Exception {
        mx = new TestMx("127.0.0.2", r -> r.startsWith("bad") ? "550 5.1.1 no" : null);
        gateway.virtualMta("mta1", "127.0.1.1");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        mx.close();
    }

    private DomainSettings settings(int maxSmtpOut, Rate rate, int maxMsgPerConnection, Limits limits) {
        return DeliveryFixture.with(DeliveryFixture.to("127.0.0.2", mx.port(), maxSmtpOut, rate, SECOND, HOUR),
                maxMsgPerConnection, limits);
    }

    private static Limits limits(Rate volume, Rate connects, Duration rampUp, int errors) {
        return new Limits(volume, connects, rampUp, errors, SourceLimits.NONE);
    }

    private void start(DomainSettings settings, int messages) {
        gateway.settings.put("*", settings);
        gateway.start();
        for (int i = 0; i < messages; i++)
            gateway.enqueue("mta1", i + "@x.example");
    }

    private List<Windows.Event> messages() {
        return mx.received.stream().map(r -> new Windows.Event(r.atNanos(), 1)).toList();
    }

    @Test
    void connectionAttemptsKeepTheirRateAndUseIt() {
        start(settings(20, UNLIMITED, 1, limits(UNLIMITED, new Rate(5, SECOND), NONE, 0)), 20);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(20));
        List<Windows.Event> opened = mx.opened.stream().map(o -> new Windows.Event(o.atNanos(), 1)).toList();
        assertThat(Windows.most(opened, SECOND)).isEqualTo(5);
        assertThat(Windows.within(opened, Duration.ofMillis(3300))).isEqualTo(20);
    }

    @Test
    void dataVolumeKeepsItsRateAndUsesIt() {
        start(settings(20, UNLIMITED, 0, limits(new Rate(100, SECOND), UNLIMITED, NONE, 0)), 16);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(16));
        List<Windows.Event> bytes = mx.received.stream()
                .map(r -> new Windows.Event(r.atNanos(), r.data().length())).toList();
        int size = mx.received.getFirst().data().length();
        assertThat(Windows.most(bytes, SECOND)).isEqualTo(100 / size * size);
        assertThat(Windows.within(bytes, Duration.ofMillis(3300))).isEqualTo(16L * size);
    }

    @Test
    void aMessageLargerThanTheVolumeGoesOutAlone() {
        start(settings(20, UNLIMITED, 0, limits(new Rate(10, SECOND), UNLIMITED, NONE, 0)), 3);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(3));
        assertThat(Windows.most(messages(), SECOND)).isEqualTo(1);
    }

    @Test
    void aConnectionThatHeardTooManyRefusalsIsReplaced() {
        gateway.settings.put("*", settings(1, UNLIMITED, 0, limits(UNLIMITED, UNLIMITED, NONE, 4)));
        gateway.start();
        for (int i = 0; i < 10; i++)
            gateway.enqueue("mta1", "bad" + i + "@x.example");
        await().untilAsserted(() -> assertThat(gateway.count(Outcome.Bounced.class)).isEqualTo(10));
        assertThat(mx.mostRefusals.get()).as("RCPT and DATA refused, of two messages").isEqualTo(4);
        assertThat(mx.connections.get()).isEqualTo(5);
        assertThat(mx.maxOpen.get()).isEqualTo(1);
    }

    @Test
    void aQueueOpensOneMoreConnectionInEachInterval() {
        mx.delayMs = 20;
        start(settings(4, UNLIMITED, 0, limits(UNLIMITED, UNLIMITED, SECOND, 0)), 250);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.opened).hasSize(4));
        for (int i = 1; i < 4; i++)
            assertThat(mx.opened.get(i).atNanos() - mx.opened.getFirst().atNanos())
                    .isBetween(i * 1_000_000_000L, i * 1_000_000_000L + 900_000_000L);
        assertThat(mx.maxOpen.get()).isEqualTo(4);
    }

    @Test
    void aRoundTripCostsLittleOfTheRate() {
        mx.delayMs = 10;
        start(settings(20, new Rate(10, SECOND), 0, Limits.NONE), 40);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(40));
        assertThat(Windows.most(messages(), SECOND)).isEqualTo(10);
        assertThat(Windows.within(messages(), Duration.ofMillis(3300))).isEqualTo(40);
    }

    @Test
    void newSettingsForgetNothingThatWasUsed() {
        start(settings(20, new Rate(6, Duration.ofSeconds(4)), 0, Limits.NONE), 12);
        await().untilAsserted(() -> assertThat(mx.received).hasSize(6));
        gateway.settings.put("*", settings(20, new Rate(7, Duration.ofSeconds(4)), 0, Limits.NONE));
        gateway.reload();
        await().untilAsserted(() -> assertThat(mx.received).hasSize(7));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(12));
        assertThat(Windows.most(messages(), Duration.ofSeconds(4))).isEqualTo(7);
    }
}
