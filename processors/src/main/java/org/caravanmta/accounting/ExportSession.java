package org.caravanmta.accounting;

import java.io.IOException;

/**
 * One export between its start, or trouble, and the next. After an exception it is closed and another one is opened,
 * which goes on behind what was acknowledged. One thread.
 */
interface ExportSession extends AutoCloseable {

    /**
     * Takes what is there, some of it.
     *
     * @return records exported; −1 when none came
     */
    int move() throws IOException, InterruptedException;

    /** When the last record that came was logged, in epoch milliseconds; 0 before the first. */
    long reachedMs();

    /** Whether what was moved has arrived: trouble is over. */
    default boolean proven() {
        return true;
    }

    @Override
    void close() throws IOException;
}
