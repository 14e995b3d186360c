package org.caravanmta.report;

import java.util.Arrays;
import java.util.Locale;

/** One record as it stands in a file. Filled anew for each; one thread. */
public final class Row {

    private final String[] values = new String[RecordField.values().length];
    private final RecordTimes times = new RecordTimes();
    private long line;

    void clear(long atLine) {
        Arrays.fill(values, null);
        line = atLine;
    }

    void set(RecordField field, String value) {
        values[field.ordinal()] = value.isEmpty() ? null : value;
    }

    /** Null when the record has nothing there. */
    public String get(RecordField field) {
        return values[field.ordinal()];
    }

    /** In its file, from 1. */
    public long line() {
        return line;
    }

    /** When the outcome was known, epoch milliseconds; −1 when it is not said or not understood. */
    public long loggedMs() {
        return times.ofLogged(get(RecordField.TIME_LOGGED));
    }

    /** From the queue to the outcome; −1 when it is not known. */
    long secondsQueued() {
        String said = get(RecordField.TOTAL_SECONDS_QUEUED);
        if (said != null)
            return RecordTimes.number(said);
        long queued = times.ofQueued(get(RecordField.TIME_QUEUED));
        long logged = loggedMs();
        return queued < 0 || logged < 0 ? -1 : Math.max(0, (logged - queued) / 1000);
    }

    /** Of the recipient, in lower case; of the queue where there is no recipient. Never null. */
    String domain() {
        String rcpt = get(RecordField.RCPT);
        int at = rcpt == null ? -1 : rcpt.lastIndexOf('@');
        if (at >= 0)
            return rcpt.substring(at + 1).toLowerCase(Locale.ROOT);
        String queue = get(RecordField.QUEUE);
        int slash = queue == null ? -1 : queue.lastIndexOf('/');
        return slash > 0 ? queue.substring(0, slash).toLowerCase(Locale.ROOT) : "";
    }

    boolean expired() {
        String category = get(RecordField.BOUNCE_CAT);
        if (category != null)
            return category.equals("message-expired");
        String status = get(RecordField.DSN_STATUS);
        return status != null && status.startsWith("4.4.7");
    }
}
