package org.caravanmta.accounting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.caravanmta.queue.EventLog;

/** The contract of the event log without a broker. A test can make something happen before and after each commit. */
final class InMemoryEventLog implements EventLog {

    private static final class State {
        final List<byte[]> events = new ArrayList<>();
        byte[] checkpoint;
        int commits;
        boolean open;
    }

    private final Map<String, State> readers = new HashMap<>();
    volatile Runnable beforeCommit = () -> {
    };
    volatile Runnable afterCommit = () -> {
    };

    synchronized void publish(byte[] event) {
        readers.values().forEach(s -> s.events.add(event));
        notifyAll();
    }

    /** Events of a reader that were not acknowledged. */
    synchronized int waiting(String name) {
        return readers.get(name).events.size();
    }

    synchronized int commits(String name) {
        return readers.get(name).commits;
    }

    @Override
    public synchronized Reader open(String name) {
        State s = readers.computeIfAbsent(name, n -> new State());
        if (s.open)
            throw new IllegalStateException("events are being read as " + name + " already");
        s.open = true;
        return new MemoryReader(s);
    }

    @Override
    public synchronized List<String> readers() {
        return readers.keySet().stream().sorted().toList();
    }

    @Override
    public synchronized long waitingBytes(String name) {
        State s = readers.get(name);
        return s == null ? 0 : s.events.stream().mapToLong(e -> e.length).sum();
    }

    @Override
    public synchronized void drop(String name) {
        readers.remove(name);
    }

    private final class MemoryReader implements Reader {

        private final State state;
        private int polled;

        MemoryReader(State state) {
            this.state = state;
        }

        @Override
        public byte[] checkpoint() {
            synchronized (InMemoryEventLog.this) {
                return state.checkpoint == null ? null : state.checkpoint.clone();
            }
        }

        @Override
        public List<byte[]> poll(int max, long waitMs) throws InterruptedException {
            synchronized (InMemoryEventLog.this) {
                long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
                while (state.events.size() == polled) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0)
                        return Collections.emptyList();
                    InMemoryEventLog.this.wait(left);
                }
                int to = Math.min(state.events.size(), polled + max);
                List<byte[]> events = List.copyOf(state.events.subList(polled, to));
                polled = to;
                return events;
            }
        }

        @Override
        public void acknowledge(byte[] checkpoint) {
            acknowledge(checkpoint, polled);
        }

        @Override
        public void acknowledge(byte[] checkpoint, int events) {
            beforeCommit.run();
            synchronized (InMemoryEventLog.this) {
                state.events.subList(0, events).clear();
                polled -= events;
                state.checkpoint = checkpoint.clone();
                state.commits++;
            }
            afterCommit.run();
        }

        @Override
        public void close() {
            synchronized (InMemoryEventLog.this) {
                state.open = false;
            }
        }
    }
}
