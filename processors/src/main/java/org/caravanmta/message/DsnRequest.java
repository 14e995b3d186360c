package org.caravanmta.message;

/**
 * What reports about a message are to be like (RFC 3461), and when the last one of a delay was made.
 *
 * @param ret             the RET parameter: {@code FULL} or {@code HDRS}; null when there was none
 * @param envid           the ENVID parameter, still xtext-encoded; null when there was none
 * @param suppressed      its source wants no reports at all
 * @param fullByDefault   the whole message is returned where {@code ret} does not say
 * @param delayReportedMs epoch milliseconds of the last report of a delay; 0 before it
 */
public record DsnRequest(String ret, String envid, boolean suppressed, boolean fullByDefault, long delayReportedMs) {

    public static final DsnRequest NONE = new DsnRequest(null, null, false, false, 0);

    public DsnRequest delayReported(long atMs) {
        return new DsnRequest(ret, envid, suppressed, fullByDefault, atMs);
    }

    /** Whether the whole message is returned. */
    public boolean full() {
        return ret == null ? fullByDefault : ret.equals("FULL");
    }
}
