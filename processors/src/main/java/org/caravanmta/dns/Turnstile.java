package org.caravanmta.dns;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Lets so many in at the same time; the others wait in their order. Any thread. */
final class Turnstile {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Turnstile(int free) {
        this.free = free;
    }

    /** Runs {@code entering} now or later. Whoever is let in has to {@link #leave}. */
    void enter(Runnable entering) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(entering);
                return;
            }
            free--;
        }
        entering.run();
    }

    /** Everybody may come in from now on, those that wait too. */
    void open() {
        Queue<Runnable> all;
        synchronized (this) {
            all = new ArrayDeque<>(waiting);
            waiting.clear();
            free = Integer.MAX_VALUE / 2;
        }
        all.forEach(Runnable::run);
    }

    /** @param executor runs who comes in next, so that a long line of them is no deep stack */
    void leave(Executor executor) {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null)
                free++;
        }
        if (next != null)
            executor.execute(next);
    }
}
