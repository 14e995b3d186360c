package org.caravanmta.accounting;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.queue.EventLog;

/**
 * Moves the events of one reader into one file, batch by batch: written and synced, then acknowledged together with the
 * file's new length. After an exception neither may be used any more; opened anew they go on where the last
 * acknowledgement left them, as after a crash. One thread.
 */
final class AccountingWriter {

    private static final int BATCH = 1000;

    private final EventLog.Reader events;
    private final AccountingFile file;
    private final Set<Character> wanted;
    private final CsvFormat format;
    private final UnreadableEvents unreadable;

    /** Acknowledges the beginning of a new file, so that a crash within its first batch does not leave it there. */
    AccountingWriter(EventLog.Reader events, AccountingFile file, List<Character> wanted, CsvFormat format,
            UnreadableEvents unreadable) {
        this.events = events;
        this.file = file;
        this.wanted = new HashSet<>(wanted);
        this.format = format;
        this.unreadable = unreadable;
        format.take();
        if (!Arrays.equals(events.checkpoint(), file.checkpoint()))
            events.acknowledge(file.checkpoint());
    }

    /**
     * One batch.
     *
     * @return records written; −1 when no event came within {@code waitMs}
     */
    int move(long waitMs) throws IOException, InterruptedException {
        file.requireInPlace();
        List<byte[]> polled = events.poll(BATCH, waitMs);
        if (polled.isEmpty())
            return -1;
        int records = 0;
        for (int i = 0; i < polled.size(); i++)
            records += add(polled.get(i), i + 1);
        if (records > 0)
            file.append(format.take());
        events.acknowledge(file.checkpoint());
        unreadable.acknowledged(polled.size());
        return records;
    }

    private int add(byte[] event, int place) throws IOException {
        List<AccountingRecord> decoded;
        try {
            decoded = AccountingCodec.decode(event);
        } catch (IllegalArgumentException e) {
            unreadable.setAside(event, place, e.getMessage());
            return 0;
        }
        int records = 0;
        for (AccountingRecord r : decoded)
            if (wanted.contains(r.type())) {
                format.add(r);
                records++;
            }
        return records;
    }
}
