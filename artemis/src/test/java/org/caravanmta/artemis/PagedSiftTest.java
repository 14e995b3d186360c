package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.artemis.StoreFixture.message;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Moving by what is meant, from a queue of which most lies on the disk and not in memory; and a crash after it. */
@Timeout(60)
class PagedSiftTest {

    private static final int MESSAGES = 6000;
    private static final int UNDER_WAY = 1000;

    @TempDir
    Path folder;
    private ArtemisMessageStore store;

    @BeforeEach
    void open() throws Exception {
        store = open(folder.resolve("home"));
        fill(store);
        try (Stream<Path> files = Files.walk(folder.resolve("home/broker/paging"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".page"))).as("pages").hasSizeGreaterThan(3);
        }
    }

    private static void fill(ArtemisMessageStore store) throws InterruptedException {
        Semaphore free = new Semaphore(UNDER_WAY);
        for (int i = 0; i < MESSAGES; i++) {
            free.acquire();
            store.enqueue(List.of(new Placement("vmta.news", message("m" + i, new byte[4096]))), failure -> {
                if (failure == null)
                    free.release();
            });
        }
        free.acquire(UNDER_WAY);
    }

    private static ArtemisMessageStore open(Path home) {
        return ArtemisMessageStore.open(home, StoreFixture.settings(2 << 20), BrokerOptions.defaults().withJmx(false));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static boolean seventh(QueuedMessage m) {
        return Integer.parseInt(m.envId().substring(1)) % 7 == 0;
    }

    private static List<String> expected(boolean sevenths) {
        return IntStream.range(0, MESSAGES).filter(i -> i % 7 == 0 == sevenths).mapToObj(i -> "m" + i).toList();
    }

    private static List<String> browsed(ArtemisMessageStore store, String queue) {
        List<String> ids = new ArrayList<>();
        store.browse(queue, (m, reason) -> ids.add(m.envId()));
        return ids;
    }

    /** Settles at once: while too much is unsettled the broker brings nothing more from the disk. */
    private static List<String> taken(ArtemisMessageStore store, String queue, int count) {
        Queue<String> ids = new ConcurrentLinkedQueue<>();
        Subscription subscription = store.subscribe(queue, m -> {
            ids.add(m.message().envId());
            store.settle(m, List.of(), List.of());
            return true;
        });
        await().until(() -> ids.size() >= count);
        subscription.close();
        store.flush();
        return List.copyOf(ids);
    }

    @Test
    void everyPageIsLookedThroughAndTheOrderKept() {
        List<String> sevenths = expected(true);
        List<String> others = expected(false);
        assertThat(store.sift("vmta.news", PagedSiftTest::seventh, "order.1")).isEqualTo(sevenths.size());
        assertThat(browsed(store, "vmta.news")).isEqualTo(others);
        assertThat(store.count("vmta.news")).isEqualTo(others.size());
        assertThat(store.count("order.1")).isEqualTo(sevenths.size());
        assertThat(taken(store, "order.1", sevenths.size())).isEqualTo(sevenths);
        assertThat(taken(store, "vmta.news", others.size())).isEqualTo(others);
        await().until(() -> store.deleteIfEmpty("vmta.news") && store.deleteIfEmpty("order.1"));
    }

    @Test
    void whatWasMovedIsMovedAfterACrash() throws Exception {
        Path home = folder.resolve("crashed");
        Process crash = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dio.netty.noUnsafe=false", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                PagedSiftTest.class.getName(), home.toString()).redirectError(Redirect.DISCARD).start();
        try (var said = crash.inputReader()) {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> said.lines().anyMatch(l -> l.equals("moved " + expected(true).size())));
        } finally {
            crash.destroyForcibly().waitFor();
        }
        try (ArtemisMessageStore after = open(home)) {
            assertThat(taken(after, "order.1", expected(true).size())).isEqualTo(expected(true));
            assertThat(taken(after, "vmta.news", expected(false).size())).isEqualTo(expected(false));
            await().until(() -> after.count("vmta.news") + after.count("order.1") == 0);
        }
    }

    /** In a JVM of its own, to be killed as soon as it has said that it is done. */
    public static void main(String[] home) throws Exception {
        ArtemisMessageStore store = open(Path.of(home[0]));
        fill(store);
        System.out.println("moved " + store.sift("vmta.news", PagedSiftTest::seventh, "order.1"));
        Thread.sleep(60_000);
        System.exit(1);
    }

    /** A consumer takes all the time while parts are moved away: each message comes once, here or there. */
    @Test
    void aConsumerMeanwhileLosesNoneAndDoublesNone() {
        Queue<String> settled = new ConcurrentLinkedQueue<>();
        for (String queue : List.of("vmta.news", "order.1"))
            store.subscribe(queue, m -> {
                settled.add(m.message().envId());
                store.settle(m, List.of(), List.of());
                return true;
            });
        long moved = 0;
        for (int part = 9; part > 1; part--) {
            int p = part;
            moved += store.sift("vmta.news", m -> Integer.parseInt(m.envId().substring(1)) % p == 0, "order.1");
        }
        await().until(() -> settled.size() >= MESSAGES && store.count("vmta.news") + store.count("order.1") == 0);
        assertThat(settled).containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList());
        assertThat(moved).as("moved meanwhile").isPositive();
    }
}
