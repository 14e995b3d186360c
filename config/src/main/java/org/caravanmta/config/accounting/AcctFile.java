package org.caravanmta.config.accounting;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where accounting records go, and which.
 *
 * @param path         as written: relative to the home folder unless absolute; a command behind {@code |}; the name of the
 *                     export where there is a webhook
 * @param format       how records are written
 * @param records      types, in the order written
 * @param fields       columns by type, for each of {@code records}
 * @param userString   what the column {@code userString} holds; null when it is empty
 * @param isoTimes     whether times are written as text, not as Unix seconds
 * @param formulaGuard whether CSV fields that a spreadsheet takes for a formula are guarded
 * @param filter       which records
 * @param privacy      what becomes of personal columns
 * @param rotation     when a file is finished and what becomes of it
 * @param pipe         of a command
 * @param webhook      null when there is none
 */
public record AcctFile(String path, AcctFormat format, List<RecordType> records, Map<RecordType, RecordFields> fields,
        String userString, boolean isoTimes, boolean formulaGuard, Filter filter, List<Privacy> privacy,
        Rotation rotation, Pipe pipe, Webhook webhook) {

    public static final Rotation DEFAULT_ROTATION = new Rotation(null, Duration.ofDays(1), 250L << 20,
            null,
            false, true, null);
    public static final Pipe DEFAULT_PIPE = new Pipe(Duration.ofMinutes(5), Duration.ofMinutes(1));

    /** Before a command. */
    public static final String PIPE = "|";

    /** Which records besides their types; empty lists mean all. */
    public record Filter(List<QueueFilter> queues, List<NameFilter> virtualMtas, List<NameFilter> jobs) {

        public static final Filter NONE = new Filter(List.of(), List.of(), List.of());
    }

    /**
     * @param moveTo        folder for finished files, as written; null: they stay
     * @param moveInterval  after which a file is finished
     * @param maxSizeBytes  after which a file is finished; of a webhook's request
     * @param deleteAfter   after which finished files are deleted, if they stay; null: never
     * @param worldReadable whether everybody may read the files
     * @param sync          whether each batch is synced
     * @param transportTo   Camel endpoint that finished files are sent to; null: none
     */
    public record Rotation(String moveTo, Duration moveInterval, long maxSizeBytes, Duration deleteAfter,
            boolean worldReadable, boolean sync, String transportTo) {
    }

    /**
     * @param retryInterval after which a command that failed is started again
     * @param writeTimeout  after which a command that takes nothing is ended
     */
    public record Pipe(Duration retryInterval, Duration writeTimeout) {
    }

    /** With the defaults of everything else. */
    public static AcctFile of(String path, RecordType... types) {
        Map<RecordType, RecordFields> fields = new LinkedHashMap<>();
        for (RecordType t : types)
            fields.put(t, RecordFields.defaults(t));
        return new AcctFile(path, AcctFormat.ofPath(path), List.of(types), fields, null, true, true, Filter.NONE,
                List.of(), DEFAULT_ROTATION, DEFAULT_PIPE, null);
    }

    public boolean isPipe() {
        return path.startsWith(PIPE);
    }

    public boolean isWebhook() {
        return webhook != null;
    }

    /** Names of message headers that a column shows. */
    public List<String> headers() {
        return fields.values().stream().flatMap(f -> f.columns().stream())
                .filter(c -> c.startsWith(RecordFields.HEADER)).map(c -> c.substring(RecordFields.HEADER.length()))
                .distinct().toList();
    }
}
