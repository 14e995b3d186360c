package org.caravanmta.dnscheck;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Values that are computed once: the first who asks does it, the others wait. Any thread. */
final class Once<K, V> {

    private final Map<K, FutureTask<V>> known = new ConcurrentHashMap<>();

    V get(K key, Supplier<V> value) {
        FutureTask<V> mine = new FutureTask<>(value::get);
        FutureTask<V> first = known.putIfAbsent(key, mine);
        if (first == null) {
            first = mine;
            mine.run();
        }
        try {
            return first.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
