package org.caravanmta.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The records of single recipients, in order of time. */
public final class RecipientSearch {

    private static final int MOST = 10_000;

    /** One record. Times are as they stand in the file; nothing is null. */
    public record Found(String time, String type, String rcpt, String orig, String job, String queue, String status,
            String reply, String host, String file, long line) {
    }

    private record Timed(long ms, Found found) {
    }

    private final List<Timed> found = new ArrayList<>();
    private long more;

    /**
     * @param rcpt without regard to case
     * @param orig null: any
     */
    public RecipientSearch(ReportRun run, List<Input> inputs, String rcpt, String orig) {
        for (Input i : inputs)
            run.read(i, row -> {
                if (rcpt.equalsIgnoreCase(row.get(RecordField.RCPT))
                        && (orig == null || orig.equalsIgnoreCase(text(row, RecordField.ORIG))))
                    add(row, i);
            });
        found.sort(Comparator.comparingLong(Timed::ms));
    }

    private void add(Row row, Input from) {
        if (found.size() >= MOST) {
            more++;
            return;
        }
        found.add(new Timed(row.loggedMs(), new Found(text(row, RecordField.TIME_LOGGED), text(row, RecordField.TYPE),
                text(row, RecordField.RCPT), text(row, RecordField.ORIG), text(row, RecordField.JOB_ID),
                text(row, RecordField.QUEUE), text(row, RecordField.DSN_STATUS), text(row, RecordField.DSN_DIAG),
                text(row, RecordField.DSN_MTA), from.path().toString(), row.line())));
    }

    private static String text(Row row, RecordField field) {
        String value = row.get(field);
        return value == null ? "" : value;
    }

    public List<Found> found() {
        return found.stream().map(Timed::found).toList();
    }

    /** Records that fit too but are not kept. */
    public long more() {
        return more;
    }
}
