package org.caravanmta.report;

import java.util.HashMap;
import java.util.Map;

/** What reports want to know of a record; other columns are passed over. */
public enum RecordField {
    TYPE("type"), TIME_LOGGED("timeLogged"), TIME_QUEUED("timeQueued"), ORIG("orig"), RCPT("rcpt"), DSN_STATUS(
            "dsnStatus"), DSN_DIAG("dsnDiag"), DSN_MTA("dsnMta"), BOUNCE_CAT("bounceCat"), VMTA("vmta"), JOB_ID(
                    "jobId"), QUEUE("queue"), VMTA_POOL("vmtaPool"), TOTAL_SECONDS_QUEUED("totalSecondsQueued");

    private static final Map<String, RecordField> BY_COLUMN = new HashMap<>();

    static {
        for (RecordField f : values())
            BY_COLUMN.put(f.column, f);
    }

    private final String column;

    RecordField(String column) {
        this.column = column;
    }

    /** Null for a column that no report looks at. */
    static RecordField ofColumn(String column) {
        return BY_COLUMN.get(column);
    }
}
