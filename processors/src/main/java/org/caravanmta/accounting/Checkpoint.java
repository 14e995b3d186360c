package org.caravanmta.accounting;

import java.nio.charset.StandardCharsets;

/**
 * How far one export has come. Stored in the transaction that acknowledges the events.
 *
 * @param length    bytes of the file up to which all is acknowledged; −1 before the first
 * @param finishing whether the file may already stand under its finished name
 * @param begunMs   when the first record came into the file; 0 while it has none
 * @param day       of the last finished name, as in it; {@code -} before the first
 * @param number    of the last finished name
 * @param stream    what record ids begin with; {@code -} before the first
 * @param records   records passed in this stream, wanted or not
 */
record Checkpoint(long length, boolean finishing, long begunMs, String day, int number, String stream, long records) {

    private static final String VERSION = "2";
    private static final String NONE = "-";

    static final Checkpoint FIRST = new Checkpoint(-1, false, 0, NONE, 0, NONE, 0);

    Checkpoint withLength(long bytes, long begun) {
        return new Checkpoint(bytes, false, begun, day, number, stream, records);
    }

    Checkpoint withFinished(String finishedDay, int finishedNumber) {
        return new Checkpoint(length, true, begunMs, finishedDay, finishedNumber, stream, records);
    }

    Checkpoint withStream(String name) {
        return new Checkpoint(length, finishing, begunMs, day, number, name, records);
    }

    Checkpoint withRecords(long passed) {
        return new Checkpoint(length, finishing, begunMs, day, number, stream, passed);
    }

    boolean hasStream() {
        return !stream.equals(NONE);
    }

    byte[] encode() {
        return String.join(" ", VERSION, Long.toString(length), finishing ? "1" : "0", Long.toString(begunMs), day,
                Integer.toString(number), stream, Long.toString(records)).getBytes(StandardCharsets.US_ASCII);
    }

    /** @param bytes null before the first; a bare number is a length, as the first version wrote it */
    static Checkpoint decode(byte[] bytes) {
        if (bytes == null)
            return FIRST;
        String[] f = new String(bytes, StandardCharsets.US_ASCII).split(" ");
        if (f.length == 1)
            return FIRST.withLength(Long.parseLong(f[0]), 0);
        return new Checkpoint(Long.parseLong(f[1]), f[2].equals("1"), Long.parseLong(f[3]), f[4],
                Integer.parseInt(f[5]), f[6], Long.parseLong(f[7]));
    }
}
