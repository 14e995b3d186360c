package org.caravanmta.dns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The routes last found, by domain, and those being looked for, so that all who ask at the same time share one lookup.
 * At most so many entries, the least recently used one goes first. Safe for any thread.
 */
final class Routes {

    private static final class Slot {
        private final CompletableFuture<FoundRoute> route;
        private long expiresAtNanos;
        private boolean found;

        Slot(CompletableFuture<FoundRoute> route) {
            this.route = route;
        }
    }

    private final Map<String, Slot> entries;
    private final LongSupplier nanoTime;

    Routes(int maxEntries, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.entries = new LinkedHashMap<>(256, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Slot> eldest) {
                return size() > maxEntries;
            }
        };
    }

    /** The route known or being looked for; else the one that {@code lookup} starts to look for. */
    CompletableFuture<FoundRoute> get(String domain, Supplier<CompletableFuture<FoundRoute>> lookup) {
        CompletableFuture<FoundRoute> promise = new CompletableFuture<>();
        synchronized (entries) {
            Slot known = entries.get(domain);
            if (known != null && (!known.found || known.expiresAtNanos - nanoTime.getAsLong() > 0))
                return known.route;
            entries.put(domain, new Slot(promise));
        }
        // Outside the lock: the lookup may complete at once, and whoever waits may ask again.
        started(lookup).whenComplete((route, e) -> {
            if (e == null)
                keep(domain, promise, route);
            else
                forget(domain, promise);
            if (e == null)
                promise.complete(route);
            else
                promise.completeExceptionally(e);
        });
        return promise;
    }

    /** Looks for a route that may be known, which is used until the other one is there. */
    CompletableFuture<FoundRoute> renew(String domain, Supplier<CompletableFuture<FoundRoute>> lookup) {
        return started(lookup).whenComplete((route, e) -> {
            if (e != null)
                return;
            Slot slot = new Slot(CompletableFuture.completedFuture(route));
            slot.found = true;
            slot.expiresAtNanos = nanoTime.getAsLong() + route.ttl().toNanos();
            synchronized (entries) {
                entries.put(domain, slot);
            }
        });
    }

    /** Nothing is known any more. */
    void clear() {
        synchronized (entries) {
            entries.values().removeIf(s -> s.found);
        }
    }

    private static CompletableFuture<FoundRoute> started(Supplier<CompletableFuture<FoundRoute>> lookup) {
        try {
            return lookup.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void keep(String domain, CompletableFuture<FoundRoute> promise, FoundRoute route) {
        synchronized (entries) {
            Slot slot = entries.get(domain);
            if (slot == null || slot.route != promise)
                return;
            slot.found = true;
            slot.expiresAtNanos = nanoTime.getAsLong() + route.ttl().toNanos();
        }
    }

    private void forget(String domain, CompletableFuture<FoundRoute> promise) {
        synchronized (entries) {
            Slot slot = entries.get(domain);
            if (slot != null && slot.route == promise)
                entries.remove(domain);
        }
    }

    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }
}
