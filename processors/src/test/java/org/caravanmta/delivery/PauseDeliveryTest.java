package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.Rate;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.message.Outcome;
import org.caravanmta.operate.Operator;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueuePattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the operator pauses does not leave, what he does not pause does, and all of it expires. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PauseDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int IN_MEMORY = 4000;

    @TempDir
    Path home;
    private final DeliveryFixture gateway = new DeliveryFixture();
    private Operator operator;

    @AfterEach
    void stop() {
        if (operator != null)
            operator.stop();
        gateway.close();
    }

    private void start() throws Exception {
        gateway.start();
        operator = new Operator(gateway.store, gateway.engine(), gateway::config, home, LOOK);
        operator.start();
    }

    private static MessageSelection queues(String pattern) {
        return MessageSelection.of(QueuePattern.parse(pattern));
    }

    private static MessageSelection job(String job) {
        return new MessageSelection(QueuePattern.EVERY, job, null, null, null, 0);
    }

    private static DomainSettings to(TestMx mx, Duration bounceAfter) {
        return DeliveryFixture.to("127.0.0.2", mx.port(), 5, Rate.UNLIMITED, HOUR, bounceAfter);
    }

    private static long to(TestMx mx, String domain) {
        return mx.received.stream().filter(r -> r.recipients().getFirst().endsWith("@" + domain)).count();
    }

    private void enqueue(String virtualMta, String domain, int count) {
        for (int i = 0; i < count; i++)
            gateway.enqueue(virtualMta, i + "@" + domain);
    }

    @Test
    void aPausedQueueSendsNothingAndTheOthersGoOn() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.virtualMta("mta2", "127.0.1.2");
            start();
            operator.pause(queues("a.example/mta1"));
            enqueue("mta1", "a.example", 300);
            enqueue("mta1", "b.example", 300);
            enqueue("mta2", "a.example", 300);
            await().until(() -> mx.received.size() >= 600);
            assertThat(mx.received).filteredOn(r -> r.client().equals("127.0.1.1"))
                    .allMatch(r -> r.recipients().getFirst().endsWith("@b.example"));
            assertThat(gateway.engine().available("mta1")).isTrue();
            assertThat(operator.resume(queues("a.example/mta1"))).isTrue();
            await().until(() -> mx.received.size() == 900);
            assertThat(operator.resume(queues("a.example/mta1"))).isFalse();
        }
    }

    @Test
    void aPausedVirtualMtaFinishesWhatItSendsAndNoMore() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            mx.delayMs = 8;
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            enqueue("mta1", "a.example", 100);
            enqueue("mta1", "b.example", 100);
            await().until(() -> to(mx, "a.example") > 5 && to(mx, "b.example") > 5);
            operator.pause(queues("*/mta1"));
            int then = mx.received.size();
            assertThat(gateway.engine().pauseReason("mta1")).isIn(null, "paused");
            await().until(() -> mx.open.get() == 0 && !gateway.engine().available("mta1"));
            int stopped = mx.received.size();
            assertThat(stopped).as("only what was being sent").isLessThanOrEqualTo(then + 2 * (5 + 5));
            enqueue("mta1", "c.example", 10);
            await().until(() -> operator.virtualMtas().getFirst().count().messages() > 0);
            operator.resume(queues("c.example/mta1"));
            await().until(() -> to(mx, "c.example") == 10);
            assertThat(to(mx, "a.example") + to(mx, "b.example")).isEqualTo(stopped);
            operator.resume(MessageSelection.of(QueuePattern.EVERY));
            await().until(() -> mx.received.size() == 210);
            assertThat(operator.paused()).isEmpty();
        }
    }

    @Test
    void aPausedPoolCanBeResumedAfterItIsNoLongerConfigured() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            gateway.pools = java.util.Map.of("pool",
                    new VirtualMtaPool("pool", List.of(new VirtualMtaPool.Member("mta1", 1)), null, null,
                            VirtualMta.Limits.NONE));
            start();
            operator.pause(queues("*/pool"));
            await().until(() -> !gateway.engine().available("mta1"));
            gateway.pools = java.util.Map.of();
            gateway.reload();
            await().until(() -> gateway.engine().available("mta1"));
            assertThat(operator.resume(queues("*/pool"))).isTrue();
            assertThat(operator.paused()).isEmpty();
        }
    }

    // ----------------------------------------------------------------- expiry

    private void awaitExpired(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> gateway.count(Outcome.Expired.class) >= count);
        assertThat(gateway.count(Outcome.Expired.class)).isEqualTo(count);
        assertThat(gateway.count(Outcome.Delivered.class)).isZero();
    }

    @Test
    void pausedMailInMemoryExpires() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, SOON));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            operator.pause(queues("*/mta1"));
            enqueue("mta1", "a.example", 10);
            awaitExpired(10);
        }
    }

    @Test
    void pausedMailThatIsSplitOffExpires() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("a.example", to(mx, SOON));
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            operator.pause(queues("a.example/mta1"));
            for (int i = 0; i < 100; i++)
                gateway.enqueue("mta1", i + "@a.example");
            enqueue("mta1", "b.example", 100);
            assertThat(gateway.store.queues(QueueNames.VMTA)).isNotEmpty();
            await().atMost(Duration.ofSeconds(20)).until(() -> gateway.count(Outcome.Expired.class) == 100);
            assertThat(gateway.count(Outcome.Delivered.class)).isEqualTo(100);
        }
    }

    /** Younger mail fills all there is room for; what waits behind it on the disk is older and its time is over. */
    @Test
    void pausedMailThatIsStillInTheMainQueueExpires() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            operator.pause(queues("*/mta1"));
            await().until(() -> !gateway.engine().available("mta1"));
            enqueue("mta1", "a.example", IN_MEMORY + 100);
            long old = System.currentTimeMillis() - HOUR.toMillis();
            for (int i = 0; i < 50; i++)
                gateway.enqueue("mta1", old, null, "old" + i + "@a.example");
            awaitExpired(50);
            operator.resume(queues("*/mta1"));
            await().atMost(Duration.ofSeconds(30)).until(() -> mx.received.size() == IN_MEMORY + 100);
        }
    }

    /** The destination is dead for hours: younger mail is in front of the split-off queue. */
    @Test
    void mailThatWaitsSplitOffForADeadDestinationExpires() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("dead.example", DeliveryFixture.to("127.0.0.2", 1, 5, Rate.UNLIMITED, HOUR, HOUR));
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            enqueue("mta1", "dead.example", 1);
            await().until(() -> gateway.count(Outcome.Deferred.class) == 1);
            for (int i = 0; i < 200; i++) {
                gateway.enqueue("mta1", i + "@dead.example");
                gateway.enqueue("mta1", i + "@b.example");
            }
            String split = QueueNames.destination("mta1", "dead.example");
            await().until(() -> gateway.store.count(split) > 100);
            gateway.store.enqueue(List.of(gateway.placement("mta1", split,
                    System.currentTimeMillis() - HOUR.toMillis(), "old@dead.example")), failure -> {
                    });
            await().until(() -> gateway.count(Outcome.Expired.class) == 1);
        }
    }

    @Test
    void deferredMailExpiresBeforeItsRetryTime() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> "451 4.7.1 later")) {
            gateway.settings.put("*", DeliveryFixture.to("127.0.0.2", mx.port(), 5, Rate.UNLIMITED,
                    Duration.ofSeconds(9), SOON));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            enqueue("mta1", "a.example", 10);
            await().until(() -> gateway.count(Outcome.Deferred.class) == 10);
            operator.pause(queues("*/mta1"));
            awaitExpired(10);
        }
    }

    @Test
    void mailHeldByItsJobExpires() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, SOON));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            operator.pause(job("spring"));
            for (int i = 0; i < 10; i++)
                gateway.enqueue("mta1", System.currentTimeMillis(), "spring", i + "@a.example");
            await().until(() -> operator.jobs().stream().mapToLong(j -> j.count().held()).sum() == 10);
            awaitExpired(10);
            assertThat(operator.paused()).as("the pause stays").hasSize(1);
        }
    }

    @Test
    void mailOfAVirtualMtaThatIsNotConfiguredExpires() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, SOON));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            enqueue("gone", "a.example", 10);
            awaitExpired(10);
        }
    }

    // ----------------------------------------------------------------- orders

    /** It was told before the crash, so it is not about what came after. */
    @Test
    void anOrderOfAFormerRunLeavesMailAloneThatCameSince() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            long told = System.currentTimeMillis() - 1000;
            Files.createDirectories(home.resolve("orders"));
            Files.writeString(home.resolve("orders/%018d.order".formatted(told)),
                    "kind=DELETE\nqueues=a.example/*\nolder-than-ms=0\n");
            Files.writeString(home.resolve("paused-queues"), "pause */*\n");
            gateway.start();
            operator = new Operator(gateway.store, gateway.engine(), gateway::config, home, LOOK);
            gateway.enqueue("mta1", told - 1, null, "before@a.example");
            gateway.enqueue("mta1", told + 1, null, "after@a.example");
            gateway.enqueue("mta1", told - 1, null, "other@b.example");
            await().until(() -> gateway.engine().report().stream().mapToInt(QueueReport::inMemory).sum() == 3);
            operator.start();
            await().until(() -> !Files.exists(home.resolve("orders/%018d.order".formatted(told))));
            assertThat(gateway.count(Outcome.Deleted.class)).isEqualTo(1);
            operator.resume(MessageSelection.of(QueuePattern.EVERY));
            await().until(() -> mx.received.size() == 2);
            assertThat(mx.received).extracting(r -> r.recipients().getFirst()).containsExactlyInAnyOrder(
                    "after@a.example", "other@b.example");
        }
    }

    /** A resume comes while other orders look for what is meant: none of them may end before it has all. */
    @Test
    void ordersAtTheSameTimeLeaveNothingBehind() throws Exception {
        try (TestMx mx = new TestMx("127.0.0.2", r -> null)) {
            gateway.settings.put("*", to(mx, HOUR));
            gateway.virtualMta("mta1", "127.0.1.1");
            start();
            operator.pause(queues("*/mta1"));
            for (int i = 0; i < 1500; i++)
                gateway.enqueue("mta1", System.currentTimeMillis(), "job" + i % 3, i + "@a.example");
            List<Thread> at = List.of(Thread.ofVirtual().start(() -> steer("job0")),
                    Thread.ofVirtual().start(() -> steer("job1")), Thread.ofVirtual().start(() -> steer("job2")));
            for (Thread t : at)
                t.join();
            assertThat(operator.delete(job("job1"))).isEqualTo(500);
            operator.resume(MessageSelection.of(QueuePattern.EVERY));
            await().atMost(Duration.ofSeconds(20)).until(() -> mx.received.size() == 1000
                    && gateway.count(Outcome.Deleted.class) == 500);
            await().until(() -> gateway.store.queues(QueueNames.ORDER).isEmpty());
            try (var left = Files.list(home.resolve("orders"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    private void steer(String job) {
        try {
            for (int i = 0; i < 3; i++) {
                operator.pause(job(job));
                operator.retry(job(job));
                operator.resume(job(job));
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
