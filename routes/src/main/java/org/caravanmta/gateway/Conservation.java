package org.caravanmta.gateway;

import java.util.concurrent.atomic.LongAdder;

import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.QueueNames;

/**
 * Where every accepted recipient is: accepted + reported = delivered + bounced + expired + deleted +
 * queued + parked. Counted since a
 * start with empty queues; reported: recipients of reports that the gateway made itself.
 */
public record Conservation(long accepted, long reported, long delivered, long bounced, long expired, long deleted,
        long queued,
        long parked) {

    public boolean holds() {
        return accepted + reported == delivered + bounced + expired + deleted + queued + parked;
    }

    /** Recipients that wait on queues whose name begins with {@code prefix}. Reads every message: not for hot paths. */
    static long recipients(MessageStore store, String prefix) {
        LongAdder recipients = new LongAdder();
        for (String queue : store.queues(prefix))
            store.browse(queue, (message, reason) -> recipients.add(message.recipients().size()));
        return recipients.sum();
    }

    static long queued(MessageStore store) {
        return recipients(store, QueueNames.VMTA) + recipients(store, QueueNames.RETRY)
                + recipients(store, QueueNames.ORDER);
    }

    @Override
    public String toString() {
        return "accepted " + accepted + (reported == 0 ? "" : " + reported " + reported) + (holds() ? " = " : " ≠ ")
                + "delivered " + delivered + " + bounced " + bounced
                + " + expired " + expired + " + deleted " + deleted + " + queued " + queued + " + parked " + parked;
    }
}
