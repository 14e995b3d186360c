package org.caravanmta.dsn;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.caravanmta.config.Rate;

/**
 * Reports that each address got lately. The addresses that were told last are remembered, {@value #ADDRESSES} of them,
 * and not over a restart. Any thread.
 */
final class StormCap {

    private static final int ADDRESSES = 10_000;

    private static final class Window {
        long endsMs;
        long count;
    }

    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > ADDRESSES;
        }
    };

    /** Whether one more may go to that address. */
    synchronized boolean allows(String address, Rate max, long nowMs) {
        if (max.unlimited())
            return true;
        Window w = windows.computeIfAbsent(address.toLowerCase(Locale.ROOT), _ -> new Window());
        if (nowMs >= w.endsMs) {
            w.endsMs = nowMs + max.per().toMillis();
            w.count = 0;
        }
        return w.count++ < max.count();
    }
}
