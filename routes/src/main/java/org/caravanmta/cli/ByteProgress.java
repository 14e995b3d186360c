package org.caravanmta.cli;

import java.util.Locale;
import java.util.function.LongConsumer;

/** A bar on standard error for bytes that are read; at a terminal only, and wiped out at the end. Any thread. */
final class ByteProgress implements LongConsumer, AutoCloseable {

    private static final long STEP_NANOS = 200_000_000;
    private static final int WIDTH = 40;

    private final long total;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private final long begun = System.nanoTime();
    private long told = begun;

    ByteProgress(long total) {
        this.total = Math.max(1, total);
    }

    @Override
    public void accept(long done) {
        if (terminal)
            tell(done);
    }

    private synchronized void tell(long done) {
        long now = System.nanoTime();
        if (now - told < STEP_NANOS)
            return;
        told = now;
        double share = Math.min(1, (double) done / total);
        System.err.print(String.format(Locale.ROOT, "\r%s %3.0f%%  %,d of %,d MB  %,.0f MB/s ", bar(share, WIDTH),
                share * 100, done >> 20, total >> 20, done / 1048.576 / ((now - begun) / 1e6)));
        System.err.flush();
    }

    static String bar(double share, int width) {
        int full = (int) Math.round(Math.max(0, Math.min(1, share)) * width);
        return "[" + "#".repeat(full) + "-".repeat(width - full) + "]";
    }

    @Override
    public void close() {
        if (terminal)
            System.err.print("\r" + " ".repeat(WIDTH + 40) + "\r");
    }
}
