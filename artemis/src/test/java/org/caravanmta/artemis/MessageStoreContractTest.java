package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.artemis.StoreFixture.bytes;
import static org.caravanmta.artemis.StoreFixture.enqueue;
import static org.caravanmta.artemis.StoreFixture.enqueueMany;
import static org.caravanmta.artemis.StoreFixture.get;
import static org.caravanmta.artemis.StoreFixture.message;
import static org.caravanmta.artemis.StoreFixture.placement;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.caravanmta.artemis.StoreFixture.Basket;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.AlreadyStoredException;
import org.caravanmta.queue.EventLog;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.MessageStore.Subscription;

/** What every message store does, whichever broker is behind it. */
@Timeout(60)
abstract class MessageStoreContractTest {

    private MessageStore store;

    abstract MessageStore openStore() throws Exception;

    abstract EventLog events();

    @BeforeEach
    void open() throws Exception {
        store = openStore();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void messageComesOutAsItWentIn() {
        QueuedMessage sent = message("one").deferred(List.of(new Recipient("ü@example.com")), "451 later", 1);
        enqueue(store, new Placement("vmta.news", sent));
        QueuedMessage got = take("vmta.news", 1).getFirst().message();
        assertThat(got).usingRecursiveComparison().ignoringFields("content").isEqualTo(sent);
        assertThat(bytes(got.content())).isEqualTo(bytes(sent.content()));
        assertThat(got.content().sizeBytes()).isEqualTo(sent.content().sizeBytes());
    }

    @Test
    void nullReversePathStaysNull() {
        QueuedMessage m = message("x");
        enqueue(store, new Placement("vmta.news", new QueuedMessage(m.virtualMta(), m.destination(), null,
                m.recipients(), m.bodyType(), true, null, null, 1, 0, "smtp", null, null, m.content())));
        QueuedMessage got = take("vmta.news", 1).getFirst().message();
        assertThat(got.reversePath()).isNull();
        assertThat(got.jobId()).isNull();
        assertThat(got.smtpUtf8()).isTrue();
    }

    @Test
    void offersInOrder() {
        enqueueMany(store, "vmta.news", "m", 200);
        List<String> expected = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
        assertThat(ids(take("vmta.news", 200))).isEqualTo(expected);
    }

    private Exception enqueueOnce(String id, Placement placement) {
        CompletableFuture<Exception> done = new CompletableFuture<>();
        store.enqueue(List.of(placement), List.of(), id, done::complete);
        return get(done);
    }

    @Test
    void oneIdIsStoredOnce() {
        assertThat(enqueueOnce("one", placement("vmta.a", "1"))).isNull();
        assertThat(enqueueOnce("one", placement("vmta.b", "again"))).isInstanceOf(AlreadyStoredException.class);
        assertThat(enqueueOnce("two", new Placement("vmta.b", unreadable()))).isNotNull();
        assertThat(enqueueOnce("two", placement("vmta.b", "2"))).isNull();
        assertThat(store.count("vmta.a")).isEqualTo(1);
        assertThat(store.count("vmta.b")).isEqualTo(1);
    }

    @Test
    void allPlacementsOrNone() {
        CompletableFuture<Exception> done = new CompletableFuture<>();
        QueuedMessage bad = unreadable();
        store.enqueue(List.of(placement("vmta.a", "first"), new Placement("vmta.b", bad)), done::complete);
        assertThat(get(done)).isNotNull();
        assertThat(store.count("vmta.a")).isZero();
        assertThat(store.count("vmta.b")).isZero();
        enqueue(store, placement("vmta.a", "1"), placement("vmta.b", "2"), placement("vmta.a", "3"));
        assertThat(store.count("vmta.a")).isEqualTo(2);
        assertThat(store.count("vmta.b")).isEqualTo(1);
        assertThat(ids(take("vmta.a", 2))).containsExactly("1", "3");
    }

    @Test
    void refusedMessageStaysAtTheHeadUntilResume() {
        enqueueMany(store, "vmta.news", "m", 10);
        Basket basket = new Basket(3);
        Subscription subscription = store.subscribe("vmta.news", basket);
        await().until(() -> basket.taken.size() == 3);
        assertThat(store.count("vmta.news")).isEqualTo(10);
        basket.room = 10;
        subscription.resume();
        await().until(() -> basket.taken.size() == 10);
        assertThat(basket.ids()).isEqualTo(IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void closedSubscriptionIsOfferedNothingAndCanStillSettle() {
        Basket first = new Basket(1);
        Subscription subscription = store.subscribe("vmta.news", first);
        enqueueMany(store, "vmta.news", "m", 2);
        await().until(() -> first.taken.size() == 1);
        subscription.close();
        first.room = 10;
        store.settle(first.taken.peek(), List.of(), List.of());
        store.flush();
        await().until(() -> store.count("vmta.news") == 1);
        assertThat(ids(take("vmta.news", 1))).containsExactly("m1");
        assertThat(first.taken).hasSize(1);
    }

    @Test
    void settlementMovesAcknowledgesAndRecordsTogether() throws Exception {
        EventLog.Reader reader = events().open("csv");
        enqueue(store, placement("vmta.news", "one"));
        StoredMessage taken = take("vmta.news", 1).getFirst();
        QueuedMessage again = taken.message().deferred(taken.message().recipients(), "451 later", 1);
        store.settle(taken, List.of(new Placement("retry.100", again), placement("vmta.dsn", "report")),
                List.of("event-1".getBytes(), "event-2".getBytes()));
        store.flush();
        await().until(() -> store.count("vmta.news") == 0);
        assertThat(store.count("retry.100")).isEqualTo(1);
        assertThat(store.count("vmta.dsn")).isEqualTo(1);
        QueuedMessage moved = take("retry.100", 1).getFirst().message();
        assertThat(moved.attempts()).isEqualTo(1);
        assertThat(moved.lastFailure()).isEqualTo("451 later");
        assertThat(bytes(moved.content())).isEqualTo(bytes(message("one").content()));
        assertThat(reader.poll(10, 5000)).extracting(String::new).containsExactly("event-1", "event-2");
        reader.close();
    }

    @Test
    void settlementThatCannotBeStoredIsParkedAndItsNeighboursAreNot() {
        enqueueMany(store, "vmta.news", "m", 20);
        List<StoredMessage> taken = take("vmta.news", 20);
        QueuedMessage bad = unreadable();
        for (int i = 0; i < 20; i++)
            store.settle(taken.get(i), i == 7 ? List.of(new Placement("retry.1", bad))
                    : List.of(placement("retry.1", "r" + i)), List.of());
        store.flush();
        await().until(() -> store.count("vmta.news") == 0);
        assertThat(store.count("retry.1")).isEqualTo(19);
        assertThat(store.count("parked")).isEqualTo(1);
        List<String> seen = new ArrayList<>();
        store.browse("parked", (m, reason) -> seen.add(m.envId() + " " + reason));
        assertThat(seen).singleElement().asString().startsWith("m7 settlement failed: ");
    }

    @Test
    void settledTwiceCountsOnce() {
        enqueue(store, placement("vmta.news", "one"));
        StoredMessage taken = take("vmta.news", 1).getFirst();
        store.settle(taken, List.of(placement("retry.1", "a")), List.of());
        store.settle(taken, List.of(placement("retry.1", "b")), List.of());
        store.flush();
        await().until(() -> store.count("retry.1") == 1);
    }

    @Test
    void failingReceiverGetsItsMessageParked() {
        enqueueMany(store, "vmta.news", "m", 3);
        Basket basket = new Basket(10);
        store.subscribe("vmta.news", message -> {
            if (message.message().envId().equals("m1"))
                throw new IllegalStateException("bug");
            return basket.offer(message);
        });
        await().until(() -> basket.taken.size() == 2);
        store.flush();
        await().until(() -> store.count("parked") == 1);
        assertThat(basket.ids()).containsExactly("m0", "m2");
    }

    @Test
    void takesFromManyThreadsAtOnce() throws Exception {
        int threads = 8;
        int each = 500;
        AtomicInteger stored = new AtomicInteger();
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String prefix = "t" + t + "-";
            running.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++)
                    store.enqueue(List.of(placement("vmta.news", prefix + i)), failure -> {
                        if (failure == null)
                            stored.incrementAndGet();
                    });
            }));
        }
        for (Thread thread : running)
            thread.join();
        await().until(() -> stored.get() == threads * each);
        List<StoredMessage> taken = take("vmta.news", threads * each);
        Set<String> ids = new HashSet<>(ids(taken));
        assertThat(ids).hasSize(threads * each);
        for (StoredMessage m : taken)
            store.settle(m, List.of(), List.of("e".getBytes()));
        store.flush();
        await().until(() -> store.count("vmta.news") == 0);
    }

    @Test
    void queuesAreIndependentAndListedByPrefix() {
        for (int i = 0; i < 50; i++)
            enqueue(store, placement("vmta.v" + i, "m" + i));
        enqueue(store, placement("retry.5", "r"));
        assertThat(store.queues("vmta.")).hasSize(50);
        assertThat(store.queues("")).hasSize(51).contains("retry.5");
        store.subscribe("vmta.v0", m -> false);
        assertThat(ids(take("vmta.v1", 1))).containsExactly("m1");
    }

    /** Whether the events lie in one message of the broker or in several. */
    @Test
    void theFirstOfThePolledEventsAreAcknowledgedAlone() throws Exception {
        EventLog.Reader reader = events().open("pipe");
        for (int pack = 0; pack < 3; pack++) {
            List<byte[]> events = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                events.add(("e" + (4 * pack + i)).getBytes(StandardCharsets.UTF_8));
            CompletableFuture<Exception> done = new CompletableFuture<>();
            store.enqueue(List.of(placement("vmta.news", "m" + pack)), events, done::complete);
            assertThat(get(done)).isNull();
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++)
            expected.add("e" + i);
        int from = 0;
        for (int some : new int[] { 0, 1, 4, 2, 5 }) {
            assertThat(all(reader, 12 - from)).isEqualTo(expected.subList(from, 12));
            reader.acknowledge(new byte[] { (byte) some }, some);
            from += some;
            reader.close();
            reader = events().open("pipe");
            assertThat(reader.checkpoint()).containsExactly(some);
        }
        assertThat(reader.poll(1, 50)).isEmpty();
        assertThat(store.count("vmta.news")).isEqualTo(3);
    }

    private static List<String> all(EventLog.Reader reader, int count) throws InterruptedException {
        List<String> found = new ArrayList<>();
        for (List<byte[]> some; found.size() < count && !(some = reader.poll(5, 5000)).isEmpty();)
            some.forEach(e -> found.add(new String(e, StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void deletesOnlyWhatIsEmptyAndUnsubscribed() {
        assertThat(store.deleteIfEmpty("vmta.unknown")).isTrue();
        enqueue(store, placement("vmta.x", "m"));
        assertThat(store.deleteIfEmpty("vmta.x")).isFalse();
        Basket basket = new Basket(10);
        Subscription subscription = store.subscribe("vmta.x", basket);
        await().until(() -> basket.taken.size() == 1);
        assertThat(store.deleteIfEmpty("vmta.x")).isFalse();
        store.settle(basket.taken.peek(), List.of(), List.of());
        store.flush();
        assertThat(store.deleteIfEmpty("vmta.x")).isFalse();
        subscription.close();
        await().until(() -> store.deleteIfEmpty("vmta.x"));
        assertThat(store.queues("vmta.")).isEmpty();
        enqueue(store, placement("vmta.x", "again"));
        assertThat(store.count("vmta.x")).isEqualTo(1);
    }

    @Test
    void aNewSubscriptionIsOfferedMailWhileTheOneBeforeStillHasSome() throws Exception {
        enqueue(store, placement("vmta.x", "held"));
        StoredMessage held = take("vmta.x", 1).getFirst();
        enqueue(store, placement("vmta.x", "next"));
        StoredMessage next = take("vmta.x", 1).getFirst();
        assertThat(next.message().envId()).isEqualTo("next");
        store.settle(held, List.of(), List.of());
        store.settle(next, List.of(), List.of());
        store.flush();
        assertThat(store.count("vmta.x")).isZero();
    }

    @Test
    void deletingWhileMailArrivesLosesNone() throws Exception {
        AtomicBoolean deleting = new AtomicBoolean(true);
        Thread deleter = Thread.ofPlatform().start(() -> {
            while (deleting.get())
                store.deleteIfEmpty("vmta.x");
        });
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            enqueue(store, placement("vmta.x", "m" + i));
            StoredMessage m = take("vmta.x", 1).getFirst();
            seen.add(m.message().envId());
            store.settle(m, List.of(), List.of());
        }
        deleting.set(false);
        deleter.join();
        assertThat(seen).hasSize(100);
    }

    @Test
    void browsingShowsWaitingAndTakenMessages() {
        enqueueMany(store, "vmta.news", "m", 5);
        Basket basket = new Basket(2);
        store.subscribe("vmta.news", basket);
        await().until(() -> basket.taken.size() == 2);
        List<String> seen = new ArrayList<>();
        store.browse("vmta.news", (m, reason) -> {
            assertThat(reason).isNull();
            seen.add(m.envId());
        });
        assertThat(seen).containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4");
        store.browse("vmta.unknown", (m, reason) -> seen.add("never"));
        assertThat(seen).hasSize(5);
    }

    @Test
    void largeMessageIsReadAsOftenAsWantedAndMoved() throws Exception {
        byte[] content = new byte[3 << 20];
        new Random(1).nextBytes(content);
        enqueue(store, new Placement("vmta.news", message("big", content)), placement("vmta.news", "small"));
        List<StoredMessage> taken = take("vmta.news", 2);
        StoredMessage big = taken.getFirst();
        assertThat(big.message().envId()).isEqualTo("big");
        assertThat(big.message().content()).isInstanceOf(MessageContent.Streamed.class);
        assertThat(big.message().content().sizeBytes()).isEqualTo(content.length);
        assertThat(bytes(big.message().content())).isEqualTo(content);
        assertThat(bytes(big.message().content())).isEqualTo(content);
        store.settle(big, List.of(new Placement("retry.9", big.message().deferred(big.message().recipients(), "x", 1))),
                List.of());
        store.flush();
        StoredMessage moved = take("retry.9", 1).getFirst();
        assertThat(moved.message().attempts()).isEqualTo(1);
        assertThat(bytes(moved.message().content())).isEqualTo(content);
        store.settle(moved, List.of(), List.of());
        store.settle(taken.get(1), List.of(), List.of());
        store.flush();
        await().until(() -> store.count("retry.9") == 0 && store.count("vmta.news") == 0);
    }

    @Test
    void siftMovesOnlyWhatIsMeantAsItIsAndKeepsTheOrder() {
        enqueueMany(store, "vmta.news", "m", 300);
        assertThat(store.sift("vmta.news", m -> number(m) % 3 == 0, "order.1")).isEqualTo(100);
        assertThat(store.sift("vmta.news", m -> number(m) % 3 == 0, "order.1")).isZero();
        assertThat(store.sift("vmta.unknown", m -> true, "order.1")).isZero();
        assertThat(store.count("vmta.news")).isEqualTo(200);
        assertThat(store.count("order.1")).isEqualTo(100);
        List<StoredMessage> moved = take("order.1", 100);
        assertThat(ids(moved)).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "m" + 3 * i).toList());
        assertThat(ids(take("vmta.news", 200)))
                .isEqualTo(IntStream.range(0, 300).filter(i -> i % 3 > 0).mapToObj(i -> "m" + i).toList());
        QueuedMessage one = moved.get(7).message();
        assertThat(one).usingRecursiveComparison().ignoringFields("content").isEqualTo(message("m21"));
        assertThat(bytes(one.content())).isEqualTo(bytes(message("m21").content()));
    }

    @Test
    void siftLeavesAloneWhatIsBeingDelivered() {
        enqueueMany(store, "vmta.news", "m", 30);
        Basket basket = new Basket(10);
        Subscription subscription = store.subscribe("vmta.news", basket);
        await().until(() -> basket.taken.size() == 10);
        assertThat(store.sift("vmta.news", m -> true, "order.1")).isEqualTo(20);
        basket.room = 30;
        subscription.resume();
        assertThat(store.count("vmta.news")).isEqualTo(10);
        basket.taken.stream().limit(5).forEach(m -> store.settle(m, List.of(), List.of()));
        basket.taken.stream().skip(5).forEach(m -> store.settle(m,
                List.of(new Placement("order.1", m.message())), List.of()));
        store.flush();
        await().until(() -> store.count("vmta.news") == 0);
        assertThat(basket.ids()).isEqualTo(IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
        assertThat(ids(take("order.1", 25)))
                .isEqualTo(IntStream.range(10, 35).mapToObj(i -> "m" + (i < 30 ? i : i - 25)).toList());
    }

    @Test
    void siftMovesLargeMessagesWithTheirBodies() {
        byte[] content = new byte[3 << 20];
        new Random(2).nextBytes(content);
        for (String id : List.of("1", "2", "3"))
            enqueue(store, new Placement("vmta.news", message(id, content)));
        assertThat(store.sift("vmta.news", m -> !m.envId().equals("2"), "order.1")).isEqualTo(2);
        assertThat(store.sift("order.1", m -> m.envId().equals("3"), "order.2")).isEqualTo(1);
        for (String queue : List.of("order.1", "vmta.news", "order.2")) {
            StoredMessage big = take(queue, 1).getFirst();
            assertThat(big.message().envId())
                    .isEqualTo(Map.of("order.1", "1", "vmta.news", "2", "order.2", "3").get(queue));
            assertThat(big.message().content()).isInstanceOf(MessageContent.Streamed.class);
            assertThat(bytes(big.message().content())).isEqualTo(content);
            store.settle(big, List.of(), List.of());
        }
        store.flush();
    }

    @Test
    void whatCannotBeJudgedIsLeftWhereItIs() {
        enqueueMany(store, "vmta.news", "m", 3);
        assertThat(store.sift("vmta.news", m -> {
            if (number(m) == 1)
                throw new IllegalStateException("bug");
            return true;
        }, "order.1")).isEqualTo(2);
        assertThat(ids(take("vmta.news", 1))).containsExactly("m1");
    }

    /** Mail comes, is taken, and is moved away at the same time: each message is settled once, on one of the two queues. */
    @Test
    void siftWhileMailComesAndGoesLosesNoneAndDoublesNone() throws Exception {
        int messages = 4000;
        Queue<String> settled = new ConcurrentLinkedQueue<>();
        for (String queue : List.of("vmta.news", "order.1"))
            subscribeSettling(queue, settled);
        Thread submitter = Thread.ofPlatform().start(() -> enqueueMany(store, "vmta.news", "m", messages));
        long moved = 0;
        for (int i = 2; submitter.isAlive() || settled.size() < messages && i < 1000; i++) {
            int part = i;
            moved += store.sift("vmta.news", m -> number(m) % part == 0, "order.1");
        }
        submitter.join();
        await().until(() -> store.count("vmta.news") + store.count("order.1") == 0);
        assertThat(settled).containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, messages).mapToObj(i -> "m" + i).toList());
        assertThat(moved).as("moved meanwhile").isPositive();
    }

    /** Takes some, refuses now and then, settles what it took. */
    private void subscribeSettling(String queue, Queue<String> settled) {
        AtomicInteger offered = new AtomicInteger();
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        subscription.complete(store.subscribe(queue, m -> {
            if (offered.incrementAndGet() % 20 == 0) {
                Thread.ofVirtual().start(() -> {
                    LockSupport.parkNanos(2_000_000);
                    subscription.join().resume();
                });
                return false;
            }
            settled.add(m.message().envId());
            store.settle(m, List.of(), List.of());
            return true;
        }));
    }

    private static int number(QueuedMessage m) {
        return Integer.parseInt(m.envId().substring(1));
    }

    @Test
    void acceptsWhenNothingIsWrong() {
        assertThat(store.refusal()).isNull();
    }

    /** Its content claims more bytes than its array has. */
    private static QueuedMessage unreadable() {
        QueuedMessage m = message("bad");
        return new QueuedMessage(m.virtualMta(), m.destination(), m.reversePath(), m.recipients(), m.bodyType(),
                false, null, null, 0, 0, null, null, null, new MessageContent.Inline(new byte[10], 0, 1000));
    }

    /** Subscribes, waits for that many and unsubscribes. */
    private List<StoredMessage> take(String queue, int count) {
        Basket basket = new Basket(count);
        Subscription subscription = store.subscribe(queue, basket);
        await().until(() -> basket.taken.size() == count);
        subscription.close();
        return List.copyOf(basket.taken);
    }

    private static List<String> ids(List<StoredMessage> taken) {
        return taken.stream().map(m -> m.message().envId()).toList();
    }
}
