package org.caravanmta.accounting;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.accounting.AcctField;
import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;

/**
 * The columns of one export and what a record has in each: the union of those of its types; a type leaves those of others
 * empty. One thread.
 */
final class Columns {

    private final List<String> names;
    private final Column[][] byType = new Column[RecordType.values().length][];
    private final String userString;
    private final TimeText logged;
    private final TimeText queued;
    private final String stream;

    private record Column(AcctField field, String header, PersonalText personal) {
    }

    /**
     * @param zone   of times
     * @param stream what record ids begin with
     */
    Columns(AcctFile config, ZoneId zone, String stream) {
        this.userString = config.userString();
        this.logged = new TimeText(config.isoTimes() ? zone : null);
        this.queued = new TimeText(config.isoTimes() ? zone : null);
        this.stream = stream;
        Set<String> all = new LinkedHashSet<>();
        for (RecordType t : config.records())
            all.addAll(config.fields().get(t).columns());
        names = List.copyOf(all);
        for (RecordType t : config.records())
            byType[t.ordinal()] = columns(config.fields().get(t), config);
    }

    private Column[] columns(RecordFields fields, AcctFile config) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            if (!fields.columns().contains(name))
                columns.add(null);
            else if (name.startsWith(RecordFields.HEADER))
                columns.add(new Column(null, name.substring(RecordFields.HEADER.length()),
                        PersonalText.of(name, config.privacy())));
            else
                columns.add(new Column(AcctField.of(name), null, PersonalText.of(name, config.privacy())));
        }
        return columns.toArray(new Column[0]);
    }

    List<String> names() {
        return names;
    }

    int count() {
        return names.size();
    }

    /** Whether the column holds a number. */
    boolean number(int column) {
        return switch (AcctField.of(names.get(column))) {
            case DLV_SIZE, TOTAL_SECONDS_QUEUED -> true;
            case null, default -> false;
        };
    }

    /**
     * @param number of the record in its stream
     * @return null when the record has nothing there
     */
    String value(int column, AccountingRecord r, long number) {
        Column c = byType[r.type().ordinal()][column];
        if (c == null)
            return null;
        String value = c.field == null ? r.headers().get(c.header) : value(c.field, r, number);
        return value == null || c.personal == null ? value : c.personal.hide(value, r);
    }

    private String value(AcctField field, AccountingRecord r, long number) {
        return switch (field) {
            case TYPE -> r.type().word();
            case TIME_LOGGED -> logged.of(r.timeLoggedMs());
            case TIME_QUEUED -> time(r.timeQueuedMs());
            case TIME_FIRST_ATTEMPT -> time(r.timeFirstAttemptMs());
            case TOTAL_SECONDS_QUEUED -> r.timeQueuedMs() < 0 ? null
                    : Long.toString(Math.max(0, (r.timeLoggedMs() - r.timeQueuedMs()) / 1000));
            case ORIG -> r.orig();
            case RCPT -> r.rcpt();
            case ORCPT -> r.orcpt();
            case DSN_ACTION -> r.dsnAction();
            case DSN_STATUS -> r.dsnStatus();
            case DSN_DIAG -> r.dsnDiag();
            case DSN_MTA -> r.dsnMta();
            case BOUNCE_CAT -> r.bounceCat();
            case SRC_TYPE -> r.srcType();
            case SRC_MTA -> r.srcMta();
            case RCV_SOURCE_IP -> r.rcvSourceIp();
            case RCV_DESTINATION_IP -> r.rcvDestinationIp();
            case RCV_SMTP_USER -> r.rcvSmtpUser();
            case DLV_TYPE -> r.dlvType();
            case DLV_SOURCE_IP -> r.dlvSourceIp();
            case DLV_DESTINATION_IP -> r.dlvDestinationIp();
            case DLV_ESMTP_AVAILABLE -> r.dlvEsmtpAvailable();
            case DLV_SIZE -> r.dlvSize() < 0 ? null : Long.toString(r.dlvSize());
            case DLV_TLS_PROTOCOL -> r.dlvTlsProtocol();
            case DLV_TLS_CIPHER -> r.dlvTlsCipher();
            case VMTA -> r.vmta();
            case JOB_ID -> r.jobId();
            case ENV_ID -> r.envId();
            case QUEUE -> r.queue();
            case VMTA_POOL -> r.vmtaPool();
            case USER_STRING -> userString;
            case RECORD_ID -> stream + "-" + number;
        };
    }

    private String time(long ms) {
        return ms < 0 ? null : queued.of(ms);
    }
}
