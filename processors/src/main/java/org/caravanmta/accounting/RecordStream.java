package org.caravanmta.accounting;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.NameFilter;
import org.caravanmta.config.accounting.QueueFilter;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.queue.EventLog;

/**
 * The records of one durable reader that one export wants. Every record of the reader has a number, by which it is known
 * when it comes again. One thread.
 */
final class RecordStream {

    private final EventLog.Reader events;
    private final Set<RecordType> wanted;
    private final AcctFile.Filter filter;
    private final UnreadableEvents unreadable;
    private long passed;
    private long reachedMs;
    private int polled;
    private int taken;

    RecordStream(EventLog.Reader events, AcctFile config, UnreadableEvents unreadable, long passed) {
        this.events = events;
        this.wanted = EnumSet.copyOf(config.records());
        this.filter = config.filter();
        this.unreadable = unreadable;
        this.passed = passed;
    }

    /** Adds the records of up to {@code max} events to {@code format}; says how many events came. */
    int read(RecordFormat format, int max, long waitMs) throws IOException, InterruptedException {
        List<byte[]> some = events.poll(max, waitMs);
        for (byte[] event : some)
            add(event, format);
        return some.size();
    }

    private void add(byte[] event, RecordFormat format) throws IOException {
        polled++;
        List<AccountingRecord> decoded;
        try {
            decoded = AccountingCodec.decode(event);
        } catch (IllegalArgumentException e) {
            unreadable.setAside(event, polled, e.getMessage());
            return;
        }
        for (AccountingRecord r : decoded) {
            passed++;
            reachedMs = r.timeLoggedMs();
            if (wanted.contains(r.type()) && meant(r)) {
                format.add(r, passed);
                taken++;
            }
        }
    }

    private boolean meant(AccountingRecord r) {
        return queue(r.queue()) && names(filter.virtualMtas(), r.vmta()) && names(filter.jobs(), r.jobId());
    }

    /** The first that fits decides; what none fits is meant when the last one excludes. */
    private boolean queue(String queue) {
        if (filter.queues().isEmpty() || queue == null)
            return true;
        for (QueueFilter f : filter.queues())
            if (f.matches(queue))
                return !f.not();
        return filter.queues().getLast().not();
    }

    private static boolean names(List<NameFilter> filters, String name) {
        if (filters.isEmpty())
            return true;
        for (NameFilter f : filters)
            if (f.matches(name))
                return !f.not();
        return filters.getLast().not();
    }

    /** Events read and not acknowledged. */
    int polled() {
        return polled;
    }

    /** Records added since the last acknowledgement. */
    int taken() {
        return taken;
    }

    /** Records that passed so far. */
    long passed() {
        return passed;
    }

    /** The first of those that were read, by somebody else. */
    void acknowledged(int number) {
        polled -= number;
    }

    /** When the last record that came was logged, in epoch milliseconds; 0 before the first. */
    long reachedMs() {
        return reachedMs;
    }

    /** Everything that was read. */
    void acknowledge(Checkpoint checkpoint) {
        events.acknowledge(checkpoint.encode());
        unreadable.acknowledged(polled);
        polled = 0;
        taken = 0;
    }
}
