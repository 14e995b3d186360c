package org.caravanmta.delivery;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import org.caravanmta.message.Outcome;

/** Recipients by outcome since the start. Any thread. */
public final class DeliveryCounters {

    public final LongAdder delivered = new LongAdder();
    public final LongAdder deferred = new LongAdder();
    public final LongAdder bounced = new LongAdder();
    public final LongAdder expired = new LongAdder();
    public final LongAdder deleted = new LongAdder();
    public final LongAdder parked = new LongAdder();
    /** Reports that were queued; each has one recipient, who was never accepted. */
    public final LongAdder reported = new LongAdder();

    void count(List<Outcome> outcomes) {
        for (Outcome o : outcomes)
            switch (o) {
                case Outcome.Delivered d -> delivered.increment();
                case Outcome.Deferred d -> deferred.increment();
                case Outcome.Bounced b -> bounced.increment();
                case Outcome.Expired e -> expired.increment();
                case Outcome.Deleted d -> deleted.increment();
            }
    }
}
