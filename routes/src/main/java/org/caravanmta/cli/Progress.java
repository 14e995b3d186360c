package org.caravanmta.cli;

import java.util.function.IntConsumer;

/** How far something has come, in one line of standard error; at a terminal only, and wiped out at the end. Any thread. */
final class Progress implements IntConsumer, AutoCloseable {

    private static final long STEP_NANOS = 200_000_000;

    private final int total;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private long told = System.nanoTime();
    private int most;

    Progress(int total) {
        this.total = total;
    }

    @Override
    public synchronized void accept(int done) {
        most = Math.max(most, done);
        if (!terminal || System.nanoTime() - told < STEP_NANOS)
            return;
        told = System.nanoTime();
        System.err.printf("\rchecked %,d of %,d ", most, total);
        System.err.flush();
    }

    @Override
    public synchronized void close() {
        if (terminal)
            System.err.print("\r" + " ".repeat(40) + "\r");
    }
}
