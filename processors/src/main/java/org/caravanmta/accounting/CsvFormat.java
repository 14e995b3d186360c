package org.caravanmta.accounting;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Records as CSV (RFC 4180): CRLF line ends, UTF-8, quotes only where needed. Fields may hold any character; what would
 * break a line reader (CR, LF) stands inside quotes. NUL becomes U+FFFD, since many parsers end there. Not thread-safe.
 */
final class CsvFormat {

    static final String HEADER = "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,"
            + "srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,"
            + "vmtaPool\r\n";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxx");

    private final ZoneId zone;
    private final StringBuilder out = new StringBuilder(1 << 16);
    private long cachedSecond = Long.MIN_VALUE;
    private String cachedTime;
    private long cachedQueuedSecond = Long.MIN_VALUE;
    private String cachedQueuedTime;

    CsvFormat(ZoneId zone) {
        this.zone = zone;
    }

    void add(AccountingRecord r) {
        out.append(r.type()).append(',').append(logged(r.timeLoggedMs())).append(',').append(queued(r.timeQueuedMs()));
        field(r.orig());
        field(r.rcpt());
        field(r.orcpt());
        field(r.dsnAction());
        field(r.dsnStatus());
        field(r.dsnDiag());
        field(r.dsnMta());
        field(r.bounceCat());
        field(r.srcType());
        field(r.srcMta());
        field(r.dlvType());
        field(r.dlvSourceIp());
        field(r.dlvDestinationIp());
        field(r.dlvEsmtpAvailable());
        out.append(',');
        if (r.dlvSize() >= 0)
            out.append(r.dlvSize());
        field(r.vmta());
        field(r.jobId());
        field(r.envId());
        field(r.queue());
        field(r.vmtaPool());
        out.append("\r\n");
    }

    /** Everything added since the last call. */
    byte[] take() {
        byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
        out.setLength(0);
        return bytes;
    }

    private void field(String s) {
        out.append(',');
        if (s == null)
            return;
        boolean quote = false;
        for (int i = 0; i < s.length() && !quote; i++) {
            char c = s.charAt(i);
            quote = c == ',' || c == '"' || c == '\r' || c == '\n' || c == 0;
        }
        if (!quote)
            out.append(s);
        else
            out.append('"').append(s.replace("\"", "\"\"").replace('\0', '\ufffd')).append('"');
    }

    private String logged(long ms) {
        long second = Math.floorDiv(ms, 1000);
        if (second != cachedSecond) {
            cachedTime = time(second);
            cachedSecond = second;
        }
        return cachedTime;
    }

    private String queued(long ms) {
        long second = Math.floorDiv(ms, 1000);
        if (second == cachedSecond)
            return cachedTime;
        if (second != cachedQueuedSecond) {
            cachedQueuedTime = time(second);
            cachedQueuedSecond = second;
        }
        return cachedQueuedTime;
    }

    private String time(long second) {
        return TIME.format(Instant.ofEpochSecond(second).atZone(zone));
    }
}
