package org.caravanmta.queue;

import java.util.List;

/**
 * The durable stream of outcome events, for exporters that must miss none and double none. Each named reader has its
 * own durable queue on the event address, so a slow reader never slows another.
 */
public interface EventLog {

    /**
     * Starts or goes on reading as {@code name}. Events that were not yet acknowledged come again, in their order.
     */
    Reader open(String name);

    /** Names of the readers that have a durable queue, so that those no longer configured can be dropped. */
    List<String> readers();

    /** Bytes on disk that wait for a reader; 0 when there is no such reader. */
    long waitingBytes(String name);

    /** Drops a reader with everything it has not read, and its checkpoint. */
    void drop(String name);

    /** One thread at a time. */
    interface Reader extends AutoCloseable {

        /** The checkpoint of the last acknowledged batch; null before the first. */
        byte[] checkpoint();

        /** Blocks up to {@code waitMs} for the first event, then returns what is there, at most {@code max}. */
        List<byte[]> poll(int max, long waitMs) throws InterruptedException;

        /**
         * Acknowledges everything polled since the last call and stores {@code checkpoint} in the same transaction;
         * returns when both are on stable storage. With nothing polled only the checkpoint changes.
         *
         * @throws IllegalStateException neither is known to be stored; close this reader and open it again
         */
        void acknowledge(byte[] checkpoint);

        /**
         * The same for the first {@code events} of those polled and not acknowledged.
         *
         * @param events at most as many as were polled
         */
        void acknowledge(byte[] checkpoint, int events);

        @Override
        void close();
    }
}
