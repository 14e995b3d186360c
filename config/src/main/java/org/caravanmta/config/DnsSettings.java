package org.caravanmta.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How DNS is asked, and how one's own records are watched.
 *
 * @param ednsUdpLength    largest answer over UDP, in bytes
 * @param precachedFile    domains whose routes are kept fresh, one a line; null when there are none
 * @param precacheInterval how often that is
 * @param precacheMax      how many of them at most
 * @param checkInterval    how often the records of the VirtualMTAs are checked; zero is never
 * @param checkFrom        return-path domains to check beside those that sign
 */
public record DnsSettings(int ednsUdpLength, Path precachedFile, Duration precacheInterval, int precacheMax,
        Duration checkInterval, List<String> checkFrom) {

    /** What holds when nothing is said. */
    public static final DnsSettings DEFAULT = DnsKeys.byDefault();
}
