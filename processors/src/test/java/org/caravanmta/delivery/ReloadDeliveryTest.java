package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.Rate;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.message.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another configuration while mail flows: everything of it holds from then on, and nothing is lost or doubled. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReloadDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int SLOW_MS = 8;

    private final DeliveryFixture gateway = new DeliveryFixture();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static DomainSettings to(TestMx mx, int maxSmtpOut, Rate rate) {
        return DeliveryFixture.to("127.0.0.2", mx.port(), maxSmtpOut, rate, SECOND, HOUR);
    }

    private static DomainSettings to(TestMx mx, int maxSmtpOut) {
        return to(mx, maxSmtpOut, Rate.UNLIMITED);
    }

    private static TestMx slowMx() throws Exception {
        TestMx mx = new TestMx("127.0.0.2", r -> null);
        mx.delayMs = SLOW_MS;
        return mx;
    }

    private void enqueue(String virtualMta, String domain, int from, int to) {
        for (int i = from; i < to; i++)
            gateway.enqueue(virtualMta, i + "@" + domain);
    }

    private static List<String> addresses(String domain, int count) {
        return IntStream.range(0, count).mapToObj(i -> i + "@" + domain).toList();
    }

    private static List<String> received(TestMx mx) {
        return mx.received.stream().flatMap(r -> r.recipients().stream()).toList();
    }

    @Test
    void aLowerMaxSmtpOutClosesSurplusConnectionsAndHolds() throws Exception {
        try (TestMx mx = slowMx()) {
            gateway.settings.put("*", to(mx, 10));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            enqueue("mta1", "x.example", 0, 200);
            await().until(() -> mx.open.get() == 10);
            gateway.settings.put("*", to(mx, 2));
            gateway.reload();
            await().until(() -> mx.open.get() <= 2);
            mx.maxOpen.set(0);
            int before = mx.received.size();
            enqueue("mta1", "x.example", 200, 240);
            await().atMost(Duration.ofSeconds(30)).until(() -> mx.received.size() >= 240);
            assertThat(mx.received.size()).as("still busy when it was lowered").isGreaterThan(before);
            assertThat(mx.maxOpen.get()).isLessThanOrEqualTo(2);
            assertThat(received(mx)).containsExactlyInAnyOrderElementsOf(addresses("x.example", 240));
            gateway.settings.put("*", to(mx, 5));
            gateway.reload();
            enqueue("mta1", "x.example", 240, 340);
            await().until(() -> mx.open.get() == 5);
        }
    }

    @Test
    void otherNextHopsTakeTheTrafficAtOnce() throws Exception {
        try (TestMx first = slowMx(); TestMx second = slowMx()) {
            gateway.settings.put("*", to(first, 4));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            enqueue("mta1", "x.example", 0, 150);
            await().until(() -> first.received.size() > 10);
            gateway.settings.put("*", to(second, 4));
            gateway.reload();
            int then = first.received.size();
            await().until(() -> first.received.size() + second.received.size() == 150);
            assertThat(first.received.size()).as("only what was being sent").isLessThanOrEqualTo(then + 4 + 4);
            await().until(() -> first.open.get() == 0);
            List<String> all = new java.util.ArrayList<>(received(first));
            all.addAll(received(second));
            assertThat(all).containsExactlyInAnyOrderElementsOf(addresses("x.example", 150));
            assertThat(gateway.count(Outcome.Deferred.class)).isZero();
        }
    }

    @Test
    void otherSourceAddressesAndNamesAreUsedAtOnce() throws Exception {
        try (TestMx mx = slowMx()) {
            gateway.settings.put("*", to(mx, 4));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            enqueue("mta1", "x.example", 0, 120);
            await().until(() -> mx.received.size() > 10);
            gateway.virtualMta("mta1", "127.0.1.7 127.0.1.8");
            gateway.reload();
            int then = mx.received.size();
            await().until(() -> mx.received.size() == 120);
            assertThat(mx.received.stream().skip(then).filter(r -> r.client().equals("127.0.1.1")))
                    .as("only what was being sent").hasSizeLessThanOrEqualTo(4 + 4);
            assertThat(mx.received.stream().map(TestMx.Received::client)).contains("127.0.1.7", "127.0.1.8");
            assertThat(received(mx)).containsExactlyInAnyOrderElementsOf(addresses("x.example", 120));
        }
    }

    @Test
    void aRemovedVirtualMtaSendsNothingMoreKeepsItsMailAndGoesOnWhenItIsBack() throws Exception {
        try (TestMx gone = slowMx(); TestMx other = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("gone.example", to(gone, 4));
            gateway.settings.put("*", to(other, 4));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.virtualMta("mta2", "127.0.1.2");
            gateway.start();
            enqueue("mta1", "gone.example", 0, 150);
            await().until(() -> gone.received.size() > 10);
            VirtualMta removed = gateway.virtualMtas.remove("mta1");
            gateway.reload();
            await().until(() -> !gateway.engine().available("mta1") && gone.open.get() == 0
                    && "not configured".equals(gateway.engine().pauseReason("mta1")));
            int then = gone.received.size();
            assertThat(then).isLessThan(150);
            enqueue("mta1", "gone.example", 150, 200);
            enqueue("mta2", "other.example", 0, 100);
            await().until(() -> other.received.size() == 100);
            await("the regular care").until(() -> gateway.engine().report().stream()
                    .filter(r -> r.virtualMta().equals("mta1")).allMatch(r -> r.connections() + r.dialling() == 0));
            assertThat(gone.received).hasSize(then);
            gateway.virtualMtas.put("mta1", removed);
            gateway.reload();
            await().until(() -> gone.received.size() == 200);
            assertThat(received(gone)).containsExactlyInAnyOrderElementsOf(addresses("gone.example", 200));
            await().until(() -> gateway.engine().available("mta1"));
        }
    }

    @Test
    void aNewVirtualMtaSendsWhatWaitedForIt() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, 4));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            enqueue("mta2", "x.example", 0, 20);
            gateway.virtualMta("mta2", "127.0.1.2");
            gateway.reload();
            enqueue("mta2", "x.example", 20, 40);
            await().until(() -> mx.received.size() == 40);
            assertThat(mx.received).extracting(TestMx.Received::client).containsOnly("127.0.1.2");
        }
    }

    /** Rates that change all the time: what was used under one counts under the next. */
    @Test
    void noReloadMakesABurst() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, 5, new Rate(12, SECOND)));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.start();
            enqueue("mta1", "x.example", 0, 40);
            for (int i = 0; mx.received.size() < 40 && i < 200; i++) {
                gateway.settings.put("*", to(mx, 3 + i % 4, new Rate(i % 2 == 0 ? 8 : 12, SECOND)));
                if (i % 3 == 0)
                    gateway.virtualMta("mta1", "127.0.1." + (1 + i % 2));
                gateway.reload();
                int now = mx.received.size();
                await().atMost(Duration.ofSeconds(5)).until(() -> mx.received.size() > now);
            }
            assertThat(mx.received).hasSize(40);
            assertThat(Windows.most(mx.received.stream().map(r -> new Windows.Event(r.atNanos(), 1)).toList(), SECOND))
                    .isLessThanOrEqualTo(12);
        }
    }
}
