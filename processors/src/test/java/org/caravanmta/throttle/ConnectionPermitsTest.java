package org.caravanmta.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionPermitsTest {

    /** The event loop: what is executed runs when the test says so. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Connection> open = new ArrayList<>();
    private final List<Integer> granted = new ArrayList<>();

    private final class Connection implements ConnectionPermits.Holder {
        private final ConnectionPermits permits;
        private boolean idle;

        Connection(ConnectionPermits permits) {
            this.permits = permits;
        }

        @Override
        public Executor executor() {
            return tasks::add;
        }

        @Override
        public boolean idle() {
            return idle;
        }

        @Override
        public void wanted() {
            if (open.contains(this) && idle && permits.wants(this, false, 0))
                close();
        }

        void close() {
            open.remove(this);
            permits.release(this);
        }
    }

    private final class Queue implements ConnectionPermits.Waiter {
        private final int number;
        private final boolean gaveUp;

        Queue(int number, boolean gaveUp) {
            this.number = number;
            this.gaveUp = gaveUp;
        }

        @Override
        public Executor executor() {
            return tasks::add;
        }

        @Override
        public void granted(ConnectionPermits permits) {
            granted.add(number);
            if (gaveUp) {
                permits.giveBack();
                return;
            }
            Connection c = new Connection(permits);
            permits.keep(c);
            open.add(c);
        }
    }

    private boolean take(ConnectionPermits permits) {
        Connection c = new Connection(permits);
        if (!permits.take(c))
            return false;
        open.add(c);
        return true;
    }

    private void run() {
        for (Runnable r; (r = tasks.poll()) != null;)
            r.run();
    }

    /** Never more than the limit, first come first served, and nobody waits while one is free. */
    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
    void agreesWithAPlainLine(long seed) {
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(5);
        ConnectionPermits permits = new ConnectionPermits("total-max-smtp-out", capacity);
        List<Integer> asked = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    boolean lineEmpty = granted.size() == asked.size();
                    boolean free = lineEmpty && open.size() < capacity && tasks.isEmpty();
                    assertThat(take(permits)).isEqualTo(free);
                    if (!free) {
                        asked.add(step);
                        permits.await(new Queue(step, random.nextInt(10) == 0), 0);
                    }
                }
                case 1 -> {
                    if (!open.isEmpty())
                        open.get(random.nextInt(open.size())).close();
                }
                case 2 -> {
                    if (!open.isEmpty())
                        open.get(random.nextInt(open.size())).idle = random.nextBoolean();
                }
                default -> {
                    // some steps nothing comes
                }
            }
            run();
            assertThat(permits.used()).isEqualTo(open.size()).isLessThanOrEqualTo(capacity);
            assertThat(granted).isEqualTo(asked.subList(0, granted.size()));
            assertThat(granted.size() == asked.size() || open.size() == capacity).as("nobody waits for nothing")
                    .isTrue();
        }
    }

    @Test
    void anIdleOneIsGivenUpAtOnceAndABusyOneAfterItsTurn() {
        ConnectionPermits permits = new ConnectionPermits("max-smtp-out", 2);
        take(permits);
        take(permits);
        Connection busy = open.get(0);
        Connection idle = open.get(1);
        idle.idle = true;
        assertThat(permits.wants(busy, true, Long.MAX_VALUE)).as("nobody waits").isFalse();

        permits.await(new Queue(1, false), 0);
        run();
        assertThat(granted).containsExactly(1);
        assertThat(open).hasSize(2).doesNotContain(idle);

        permits.await(new Queue(2, false), 0);
        run();
        assertThat(permits.wants(busy, true, ConnectionPermits.TURN_NANOS - 1)).isFalse();
        assertThat(permits.wants(busy, true, ConnectionPermits.TURN_NANOS)).isTrue();
        assertThat(permits.wants(open.get(1), true, ConnectionPermits.TURN_NANOS)).as("one is enough").isFalse();
        busy.close();
        run();
        assertThat(granted).containsExactly(1, 2);
    }

    @Test
    void anotherLimitHoldsAtOnce() {
        ConnectionPermits permits = new ConnectionPermits("max-smtp-out", 0);
        for (int i = 0; i < 5; i++)
            assertThat(take(permits)).isTrue();
        permits.limit(3);
        permits.await(new Queue(1, false), 0);
        open.getFirst().close();
        open.getFirst().close();
        run();
        assertThat(granted).isEmpty();
        open.getFirst().close();
        run();
        assertThat(granted).containsExactly(1);
        permits.await(new Queue(2, false), 0);
        permits.limit(4);
        run();
        assertThat(granted).containsExactly(1, 2);
    }
}
