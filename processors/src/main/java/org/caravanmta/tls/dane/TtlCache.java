package org.caravanmta.tls.dane;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What was found out by name, each for its own time, and what is just being found out: all who ask meanwhile share it.
 * The least recently used goes first when there are too many. Safe for any thread.
 */
final class TtlCache<V> {

    private static final class Slot<V> {
        private final CompletableFuture<V> value = new CompletableFuture<>();
        private long goodUntilNanos;
    }

    private final Map<String, Slot<V>> slots;
    private final ToLongFunction<V> ttlNanos;
    private final LongSupplier nanoTime;

    TtlCache(int most, ToLongFunction<V> ttlNanos, LongSupplier nanoTime) {
        this.ttlNanos = ttlNanos;
        this.nanoTime = nanoTime;
        this.slots = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Slot<V>> eldest) {
                return size() > most;
            }
        };
    }

    /** @param lookup never completes exceptionally */
    CompletionStage<V> get(String key, Supplier<CompletionStage<V>> lookup) {
        Slot<V> slot;
        synchronized (slots) {
            Slot<V> known = slots.get(key);
            if (known != null && (!known.value.isDone() || nanoTime.getAsLong() - known.goodUntilNanos < 0))
                return known.value;
            slot = new Slot<>();
            slots.put(key, slot);
        }
        lookup.get().thenAccept(v -> {
            slot.goodUntilNanos = nanoTime.getAsLong() + ttlNanos.applyAsLong(v);
            slot.value.complete(v);
        });
        return slot.value;
    }
}
