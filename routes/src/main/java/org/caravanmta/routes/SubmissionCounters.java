package org.caravanmta.routes;

import java.util.concurrent.atomic.LongAdder;

/** What was accepted since the start. Any thread. */
public final class SubmissionCounters {

    private final LongAdder messages = new LongAdder();
    private final LongAdder recipients = new LongAdder();

    void accepted(int recipientCount) {
        messages.increment();
        recipients.add(recipientCount);
    }

    public long messages() {
        return messages.sum();
    }

    public long recipients() {
        return recipients.sum();
    }
}
