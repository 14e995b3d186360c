package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.Jobs;
import org.caravanmta.config.Rate;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.message.Outcome;
import org.caravanmta.queue.QueueNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of single jobs, whose mail goes through several VirtualMTAs, judged by what the receiver sees. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobLimitsDeliveryTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Rate UNLIMITED = Rate.UNLIMITED;

    private final DeliveryFixture gateway = new DeliveryFixture();
    private TestMx mx;

    @BeforeEach
    void receive() throws Exception {
        mx = new TestMx("127.0.0.2", r -> null);
        gateway.settings.put("*", DeliveryFixture.to("127.0.0.2", mx.port(), 20, UNLIMITED, SECOND, HOUR));
        gateway.virtualMta("mta1", "127.0.1.1");
        gateway.virtualMta("mta2", "127.0.1.2");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        mx.close();
    }

    private void limit(String job, Rate rate, int atOnce) {
        gateway.jobs = new Jobs(Map.of(job, new VirtualMta.Limits(atOnce, rate, UNLIMITED)));
    }

    private void enqueue(String virtualMta, String job, int messages, String... domains) {
        long now = System.currentTimeMillis();
        for (int i = 0; i < messages; i++)
            gateway.enqueue(virtualMta, now, job, job + "-" + i + "@" + domains[i % domains.length]);
    }

    private List<Windows.Event> events(String job) {
        return mx.received.stream().filter(r -> r.recipients().getFirst().startsWith(job + "-"))
                .map(r -> new Windows.Event(r.atNanos(), 1)).toList();
    }

    @Test
    void theRateHoldsOverVirtualMtasAndDestinationsAndOtherJobsPass() {
        limit("news*", new Rate(50, SECOND), 0);
        gateway.start();
        enqueue("mta1", "news1", 200, "a.example", "b.example");
        enqueue("mta2", "news1", 100, "a.example");
        enqueue("mta1", "other", 100, "a.example", "b.example");
        enqueue("mta1", "news2", 50, "a.example");

        await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(events("other")).hasSize(100));
        assertThat(events("news1").size()).as("another job does not wait for this one").isLessThan(250);
        await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(events("news2")).hasSize(50));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events("news1")).hasSize(300));
        assertThat(Windows.most(events("news1"), SECOND)).isEqualTo(50);
        assertThat(Windows.within(events("news1"), Duration.ofMillis(5500))).as("used").isGreaterThanOrEqualTo(250);
        assertThat(mx.received).hasSize(450);
    }

    @Test
    void bothVirtualMtasTakeTurns() {
        limit("news", new Rate(40, SECOND), 0);
        gateway.start();
        enqueue("mta1", "news", 600, "a.example", "b.example");
        await().atMost(PATIENCE).until(() -> mx.received.size() >= 40);
        enqueue("mta2", "news", 160, "a.example");

        await().atMost(PATIENCE).until(() -> from("127.0.1.2") == 160);
        assertThat(from("127.0.1.1")).as("40 before, and as many").isBetween(100L, 300L);
    }

    private long from(String client) {
        return mx.received.stream().filter(r -> r.client().equals(client)).count();
    }

    @Test
    void messagesAtOnceAreCounted() {
        limit("news", UNLIMITED, 3);
        mx.delayMs = 3;
        gateway.start();
        enqueue("mta1", "news", 100, "a.example", "b.example");
        enqueue("mta2", "news", 100, "a.example", "b.example");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(200));
        assertThat(mx.mostTransactions).hasValue(3);
    }

    @Test
    void aDestinationThatDoesNotAnswerHoldsNobodyUp() {
        limit("news", new Rate(100, SECOND), 0);
        gateway.settings.put("dead.example",
                DeliveryFixture.to("127.0.0.2", 1, 20, UNLIMITED, Duration.ofMinutes(10), HOUR));
        gateway.start();
        enqueue("mta1", "news", 600, "dead.example", "dead.example", "a.example");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(200));
    }

    @Test
    void heldUpMailExpires() {
        limit("news", new Rate(1, HOUR), 0);
        gateway.settings.put("*", DeliveryFixture.to("127.0.0.2", mx.port(), 20, UNLIMITED, SECOND, SECOND));
        gateway.start();
        enqueue("mta1", "news", 50, "a.example");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(gateway.outcomes).hasSize(50));
        assertThat(gateway.count(Outcome.Expired.class)).isEqualTo(49);
    }

    @Test
    void mailBeyondWhatMemoryKeepsWaitsInAQueueOfItsOwnAndGoesWhenTheLimitIsLifted() {
        limit("news", new Rate(10, HOUR), 0);
        gateway.start();
        enqueue("mta1", "news", 3000, "a.example", "b.example", "c.example");
        String queue = QueueNames.job("mta1", "news");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(gateway.store.count(queue)).isGreaterThan(2500));
        assertThat(mx.received).hasSize(10);
        assertThat(gateway.engine().jobsHeldUp()).containsEntry("news", "max-smtp-msg-rate of job news");

        gateway.jobs = Jobs.NONE;
        gateway.reload();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(3000));
        assertThat(mx.received.stream().map(r -> r.recipients().getFirst()).distinct()).hasSize(3000);
        assertThat(gateway.engine().jobsHeldUp()).isEmpty();
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(gateway.store.queues(QueueNames.VMTA)).doesNotContain(queue));
    }

    @Test
    void whatAFormerRunHeldUpIsFound() {
        limit("news", new Rate(10, SECOND), 0);
        String queue = QueueNames.job("mta1", "news/2026 *.1");
        for (int i = 0; i < 5; i++)
            gateway.store(queue, "mta1", i + "@a.example");
        gateway.start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(5));
        assertThat(QueueNames.jobOf(queue, "mta1")).isEqualTo("news/2026 *.1");
        assertThat(QueueNames.jobOf(QueueNames.destination("mta1", "a.example"), "mta1")).isNull();
    }

    /** More than memory may hold, of many jobs: none stands in the way of mail without a job. */
    @Test
    void manyJobsAtTheirLimitsLeaveRoomForOthers() {
        limit("*", new Rate(1, HOUR), 0);
        gateway.start();
        for (int job = 0; job < 300; job++)
            enqueue("mta1", "job" + job, 40, "a.example", "b.example");
        gateway.enqueue("mta1", "late@a.example");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mx.received).hasSize(301));
        assertThat(mx.received.stream().map(r -> r.recipients().getFirst())).contains("late@a.example");
    }
}
