package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.caravanmta.artemis.StoreFixture.Basket;
import org.caravanmta.queue.AlreadyStoredException;
import org.caravanmta.queue.MessageStore.Placement;

/** A second and a third start on the same journal, which Netty 4.2 without {@code noUnsafe=false} breaks. */
@Timeout(60)
class RestartTest {

    @TempDir
    private Path home;

    private ArtemisMessageStore open() {
        return ArtemisMessageStore.open(home, StoreFixture.SETTINGS, BrokerOptions.defaults());
    }

    @Test
    void knownIdsAreKnownAfterARestart() {
        for (int run = 0; run < 2; run++)
            try (ArtemisMessageStore store = open()) {
                for (int i = 0; i < 100; i++) {
                    CompletableFuture<Exception> done = new CompletableFuture<>();
                    store.enqueue(List.of(StoreFixture.placement("vmta.news", "m" + i)), List.of(), "id" + i,
                            done::complete);
                    assertThat(done.join() instanceof AlreadyStoredException).isEqualTo(run == 1);
                }
                assertThat(store.count("vmta.news")).isEqualTo(100);
            }
    }

    @Test
    void everythingIsThereAfterTheSecondAndThirdStart() {
        byte[] content = new byte[1 << 20];
        new Random(3).nextBytes(content);
        try (ArtemisMessageStore store = open()) {
            StoreFixture.enqueueMany(store, "vmta.news", "m", 100);
            StoreFixture.enqueue(store, new Placement("vmta.big", StoreFixture.message("big", content)));
            Basket basket = new Basket(10);
            store.subscribe("vmta.news", basket);
            await().until(() -> basket.taken.size() == 10);
            basket.taken.stream().limit(5).forEach(m -> store.settle(m,
                    List.of(new Placement("retry.60", m.message().deferred(m.message().recipients(), "later", 1))),
                    List.of()));
            store.flush();
        }
        try (ArtemisMessageStore store = open()) {
            assertThat(store.queues("")).containsExactly("retry.60", "vmta.big", "vmta.news");
            assertThat(store.count("vmta.news")).isEqualTo(95);
            assertThat(store.count("retry.60")).isEqualTo(5);
        }
        try (ArtemisMessageStore store = open()) {
            Basket basket = new Basket(1000);
            store.subscribe("vmta.news", basket);
            await().until(() -> basket.taken.size() == 95);
            assertThat(basket.ids().getFirst()).isEqualTo("m5");
            Basket big = new Basket(1);
            store.subscribe("vmta.big", big);
            await().until(() -> big.taken.size() == 1);
            assertThat(StoreFixture.bytes(big.taken.peek().message().content())).isEqualTo(content);
        }
    }
}
