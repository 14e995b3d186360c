package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class RoutesTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
    private final AtomicInteger lookups = new AtomicInteger();
    private final Routes routes = new Routes(3, now::get);

    private CompletableFuture<FoundRoute> get(String domain) {
        return routes.get(domain, () -> {
            lookups.incrementAndGet();
            return CompletableFuture.completedFuture(FoundRoute.of(List.of(), Duration.ofSeconds(5)));
        });
    }

    @Test
    void routeIsUsedForItsTtl() {
        get("a");
        now.addAndGet(Duration.ofSeconds(5).toNanos() - 1);
        get("a");
        assertThat(lookups).hasValue(1);
        now.incrementAndGet();
        get("a");
        assertThat(lookups).hasValue(2);
    }

    @Test
    void leastRecentlyUsedGoesFirst() {
        get("a");
        get("b");
        get("c");
        get("a");
        get("d");
        assertThat(routes.size()).isEqualTo(3);
        get("a");
        assertThat(lookups).hasValue(4);
        get("b");
        assertThat(lookups).hasValue(5);
    }

    @Test
    void failedLookupIsNotKept() {
        CompletableFuture<FoundRoute> failed = routes.get("a", () -> {
            throw new IllegalStateException("closed");
        });
        assertThat(failed).isCompletedExceptionally();
        assertThat(routes.size()).isZero();
        assertThat(get("a")).isCompleted();
    }
}
