package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.MxRollup;
import org.caravanmta.config.Rate;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.message.Outcome;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.steering.QueueHolds;
import org.caravanmta.steering.QueuePattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Domains with the same mail hosts are one queue, judged by what the hosts see. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MxRollupDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Rate UNLIMITED = Rate.UNLIMITED;
    private static final List<String> DOMAINS = List.of("a.test", "b.test", "c.test");

    private final DeliveryFixture gateway = new DeliveryFixture();
    private TestMx mx;
    private TestMx other;

    @BeforeEach
    void receive() throws Exception {
        mx = new TestMx("127.0.0.2", r -> null);
        other = new TestMx("127.0.0.3", mx.port(), r -> null);
        gateway.virtualMta("mta1", "127.0.1.1");
        for (String domain : DOMAINS)
            gateway.mx(domain, "10 mx.shared.test 127.0.0.2");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        mx.close();
        other.close();
    }

    private DomainSettings general(int maxSmtpOut, Rate rate, Duration bounceAfter) {
        return DeliveryFixture.byMx(DeliveryFixture.to("-", 1, maxSmtpOut, rate, SECOND, bounceAfter), mx.port());
    }

    private void start(DomainSettings general) {
        gateway.settings.put("*", general);
        gateway.start();
    }

    private void enqueue(int messages, String... domains) {
        for (int i = 0; i < messages; i++)
            for (String domain : domains)
                gateway.enqueue("mta1", i + "@" + domain);
    }

    private void enqueueToAll(int messages) {
        enqueue(messages, DOMAINS.toArray(String[]::new));
    }

    private static void delivered(TestMx mx, int messages) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(messages));
    }

    private void queuesAre(String... names) {
        await().untilAsserted(() -> assertThat(Set.copyOf(gateway.queues)).containsExactlyInAnyOrder(names));
    }

    private List<Windows.Event> messages() {
        return mx.received.stream().map(r -> new Windows.Event(r.atNanos(), 1)).toList();
    }

    @Test
    void threeDomainsShareTheConnections() {
        mx.delayMs = 2;
        start(general(2, UNLIMITED, HOUR));
        enqueueToAll(60);
        delivered(mx, 180);
        assertThat(mx.maxOpen.get()).isEqualTo(2);
        assertThat(mx.received).allMatch(r -> r.recipients().size() == 1);
        queuesAre("mx.shared.test.rollup");
    }

    @Test
    void threeDomainsShareTheRate() {
        start(general(20, new Rate(10, SECOND), HOUR));
        enqueueToAll(14);
        delivered(mx, 42);
        assertThat(Windows.most(messages(), SECOND)).isEqualTo(10);
        assertThat(Windows.within(messages(), Duration.ofMillis(3300))).isGreaterThanOrEqualTo(40);
    }

    @Test
    void theRollupHasSettingsOfItsOwn() {
        mx.delayMs = 2;
        gateway.settings.put("mx.shared.test.rollup", general(1, UNLIMITED, HOUR));
        start(general(20, UNLIMITED, HOUR));
        enqueueToAll(40);
        delivered(mx, 120);
        assertThat(mx.maxOpen.get()).isEqualTo(1);
    }

    @Test
    void aDomainKeepsItsQueueWhereItIsDisabledOrSomethingElseIsSaidOfIt() {
        gateway.settings.put("a.test", DeliveryFixture.withoutRollup(general(2, UNLIMITED, HOUR)));
        gateway.settings.put("b.test", general(3, UNLIMITED, HOUR));
        gateway.settings.put("c.test", general(2, UNLIMITED, HOUR));
        start(general(2, UNLIMITED, HOUR));
        enqueueToAll(5);
        delivered(mx, 15);
        queuesAre("a.test", "b.test", "mx.shared.test.rollup");
    }

    @Test
    void theRollupItselfMayBeDisabled() {
        gateway.settings.put("mx.shared.test.rollup", DeliveryFixture.withoutRollup(general(2, UNLIMITED, HOUR)));
        start(general(2, UNLIMITED, HOUR));
        enqueueToAll(2);
        delivered(mx, 6);
        queuesAre(DOMAINS.toArray(String[]::new));
    }

    @Test
    void theListComesFirstAndUsesOnlyItsHosts() throws Exception {
        gateway.mxRollups = List.of(new MxRollup("none.rollup", Set.of("mx.shared.test", "mx.absent.test"), List.of()),
                new MxRollup("both.rollup", Set.of("mx.shared.test"), List.of()));
        gateway.mx("b.test", "10 mx.shared.test 127.0.0.2", "10 mx.b.test 127.0.0.3", "20 mx3.b.test 127.0.0.4");
        gateway.mx("c.test", "5 mx.c.test 127.0.0.3", "10 mx.shared.test 127.0.0.2");
        gateway.settings.put("a.test", general(7, UNLIMITED, HOUR));
        start(general(2, UNLIMITED, HOUR));
        enqueue(20, "a.test", "b.test");
        delivered(mx, 40);
        queuesAre("both.rollup");
        enqueue(1, "c.test");
        delivered(other, 1);
        queuesAre("both.rollup", "mx.c.test.rollup");
    }

    @Test
    void mailGoesOnlyToHostsThatEveryDomainOfTheRollupHas() throws Exception {
        gateway.mx("a.test", "10 mx.shared.test 127.0.0.9", "20 backup.a.test 127.0.0.3");
        gateway.mx("b.test", "10 mx.shared.test 127.0.0.9");
        start(general(2, UNLIMITED, HOUR));
        enqueue(10, "a.test");
        delivered(other, 10);
        assertThat(gateway.queues).containsOnly("mx.shared.test.rollup");
        other.delayMs = 1;
        enqueue(5, "b.test");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(gateway.count(Outcome.Deferred.class)).isPositive());
        assertThat(other.received).allMatch(r -> r.recipients().getFirst().endsWith("@a.test"));
    }

    @Test
    void aDomainWhoseAnswerChangesLeavesTheRollup() throws Exception {
        start(general(2, UNLIMITED, Duration.ofSeconds(30)));
        enqueueToAll(2);
        delivered(mx, 6);
        gateway.mx("a.test", "10 mx.other.test 127.0.0.3");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            enqueue(1, "a.test");
            assertThat(other.received).isNotEmpty();
        });
        assertThat(gateway.queues).contains("mx.other.test.rollup");
        int before = other.received.size();
        enqueue(1, "b.test");
        await().untilAsserted(() -> assertThat(mx.received.getLast().recipients()).containsExactly("0@b.test"));
        assertThat(other.received.size()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void aDomainThatIsGoneDoesNotBounceTheOthersMail() throws Exception {
        gateway.mx("a.test", "10 mx.shared.test 127.0.0.9");
        gateway.mx("b.test", "10 mx.shared.test 127.0.0.9");
        start(general(2, UNLIMITED, HOUR));
        enqueue(1, "a.test", "b.test");
        await().untilAsserted(() -> assertThat(gateway.count(Outcome.Deferred.class)).isEqualTo(2));
        gateway.forget("a.test");
        gateway.mx("b.test", "10 mx.shared.test 127.0.0.2");
        enqueue(3, "a.test", "b.test");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(gateway.count(Outcome.Bounced.class)).isEqualTo(4);
            assertThat(gateway.count(Outcome.Delivered.class)).isEqualTo(4);
        });
        assertThat(mx.received).allMatch(r -> r.recipients().getFirst().endsWith("@b.test"));
    }

    @Test
    void aCongestedRollupIsSplitOffUnderItsNameAndTheOthersGoOn() throws Exception {
        for (String domain : DOMAINS)
            gateway.mx(domain, "10 mx.shared.test 127.0.0.9");
        gateway.mx("free.test", "10 mx.free.test 127.0.0.3");
        start(general(2, UNLIMITED, HOUR));
        enqueueToAll(60);
        enqueue(20, "free.test");
        delivered(other, 20);
        String split = QueueNames.destination("mta1", "mx.shared.test.rollup");
        await().untilAsserted(() -> assertThat(gateway.store.count(split)).isPositive());
        for (String domain : DOMAINS)
            gateway.mx(domain, "10 mx.shared.test 127.0.0.2");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(gateway.count(Outcome.Delivered.class)).isEqualTo(200));
        assertThat(mx.maxOpen.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void whatAFormerRunSplitOffIsDeliveredAsBefore() {
        for (int i = 0; i < 50; i++)
            for (String domain : DOMAINS)
                gateway.store(QueueNames.destination("mta1", "mx.shared.test.rollup"), "mta1", i + "@" + domain);
        for (int i = 0; i < 50; i++)
            gateway.store(QueueNames.destination("mta1", "a.test"), "mta1", "own" + i + "@a.test");
        mx.delayMs = 1;
        start(general(2, UNLIMITED, HOUR));
        delivered(mx, 200);
        assertThat(mx.maxOpen.get()).isEqualTo(2);
        queuesAre("mx.shared.test.rollup");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(gateway.store.queues("vmta.mta1.")).isEmpty());
    }

    @Test
    void mailOfARollupExpires() throws Exception {
        for (String domain : DOMAINS)
            gateway.mx(domain, "10 mx.shared.test 127.0.0.9");
        start(general(2, UNLIMITED, Duration.ofSeconds(3)));
        enqueueToAll(10);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(gateway.count(Outcome.Expired.class)).isEqualTo(30));
    }

    @Test
    void aDomainThatIsPausedLeavesTheRollupAndComesBack() {
        mx.delayMs = 5;
        start(general(1, UNLIMITED, HOUR));
        enqueue(1, "a.test", "b.test");
        delivered(mx, 2);
        gateway.engine().hold(QueueHolds.NONE.pause(QueuePattern.parse("a.test/mta1")));
        enqueue(30, "a.test", "b.test");
        delivered(mx, 32);
        assertThat(mx.received.stream().filter(r -> r.recipients().getFirst().endsWith("@a.test"))).hasSize(1);
        gateway.engine().hold(QueueHolds.NONE);
        delivered(mx, 62);
        assertThat(mx.maxOpen.get()).isEqualTo(1);
        queuesAre("mx.shared.test.rollup");
    }

    @Test
    void aRateOfTheVirtualMtaIsSharedWithARollup() throws Exception {
        gateway.virtualMta("mta1", "127.0.1.1", new VirtualMta.Limits(0, new Rate(10, SECOND), UNLIMITED));
        gateway.mx("free.test", "10 mx.free.test 127.0.0.3");
        start(general(20, UNLIMITED, HOUR));
        enqueue(8, "a.test", "b.test", "free.test");
        delivered(mx, 16);
        delivered(other, 8);
        List<Windows.Event> all = Stream.concat(mx.received.stream(), other.received.stream())
                .map(r -> new Windows.Event(r.atNanos(), 1)).toList();
        assertThat(Windows.most(all, SECOND)).isEqualTo(10);
    }

    @Test
    void aDomainThatIsCalledLikeARollupIsNone() {
        start(general(2, UNLIMITED, HOUR));
        enqueue(1, "a.test");
        delivered(mx, 1);
        enqueue(1, "mx.shared.test.rollup");
        await().untilAsserted(() -> assertThat(gateway.count(Outcome.Bounced.class)).isEqualTo(1));
        assertThat(mx.received).hasSize(1);
    }

    @Test
    void mailThatTheOperatorMovesToARollupSharesItsQueue() throws Exception {
        gateway.settings.put("shared.rollup", DeliveryFixture.to("127.0.0.2", mx.port(), 1, UNLIMITED, SECOND, HOUR));
        gateway.mxRollups = List.of(new MxRollup("shared.rollup", Set.of("mx.shared.test"), List.of()));
        mx.delayMs = 2;
        start(general(20, UNLIMITED, HOUR));
        enqueue(20, "a.test", "shared.rollup", "b.test");
        delivered(mx, 60);
        assertThat(mx.maxOpen.get()).isEqualTo(1);
        queuesAre("shared.rollup");
    }
}
