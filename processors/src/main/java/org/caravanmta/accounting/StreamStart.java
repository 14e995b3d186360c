package org.caravanmta.accounting;

import java.util.function.LongSupplier;

import org.caravanmta.queue.EventLog;

/** Where a stream of records goes on, or begins. */
final class StreamStart {

    private StreamStart() {
    }

    /** Once this returns, record ids come back the same after whatever happens. */
    static Checkpoint of(EventLog.Reader events, LongSupplier clockMs) {
        Checkpoint from = Checkpoint.decode(events.checkpoint());
        if (from.hasStream())
            return from;
        Checkpoint begun = from.withStream(Long.toString(clockMs.getAsLong(), 36));
        events.acknowledge(begun.encode());
        return begun;
    }
}
