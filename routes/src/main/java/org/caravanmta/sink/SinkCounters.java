package org.caravanmta.sink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a sink has seen. Any thread. */
public final class SinkCounters {

    public final LongAdder connections = new LongAdder();
    public final AtomicInteger open = new AtomicInteger();
    public final AtomicInteger maxOpen = new AtomicInteger();
    public final LongAdder messages = new LongAdder();
    public final LongAdder recipients = new LongAdder();
    public final LongAdder bytes = new LongAdder();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> messagesByClient = new ConcurrentHashMap<>();

    /** The number of the connection, from 1. */
    long opened() {
        connections.increment();
        maxOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        return numbers.incrementAndGet();
    }

    void refused(SinkVerb verb, String reply) {
        refused.computeIfAbsent(verb.name().toLowerCase(java.util.Locale.ROOT) + "_" + reply.charAt(0) + "xx",
                k -> new LongAdder()).increment();
    }

    void message(String client, int recipientCount, int size) {
        messages.increment();
        recipients.add(recipientCount);
        bytes.add(size);
        messagesByClient.computeIfAbsent(client, k -> new LongAdder()).increment();
    }

    /** Messages by client address. */
    public Map<String, LongAdder> byClient() {
        return messagesByClient;
    }

    @Override
    public String toString() {
        StringBuilder b = new StringBuilder("connections=" + connections + " open=" + open + " max_open=" + maxOpen
                + " messages=" + messages + " recipients=" + recipients + " bytes=" + bytes);
        refused.forEach((k, v) -> b.append(' ').append(k).append('=').append(v));
        messagesByClient.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(e -> b.append(" from_").append(e.getKey()).append('=').append(e.getValue()));
        return b.toString();
    }
}
