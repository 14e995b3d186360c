package org.caravanmta.tls.policy;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What holds for a mail host.
 *
 * @param demand  TLS with such a certificate; null when nothing is demanded
 * @param refused why mail must not go there, one line; null when it may
 */
public record HostVerdict(Demand demand, String refused) {

    static final HostVerdict FREE = new HostVerdict(null, null);

    static HostVerdict demand(Demand demand) {
        return new HostVerdict(demand, null);
    }

    static HostVerdict refused(String why) {
        return new HostVerdict(null, why);
    }

    /** Whether it is the same for everybody. */
    public boolean free() {
        return demand == null && refused == null;
    }

    /**
     * TLS is demanded.
     *
     * @param by   who demands it, for records: {@code DANE}, {@code MTA-STS policy of example.com}
     * @param sni  the name to ask the host for
     */
    public record Demand(String by, String sni, Check check) {
    }

    /** Compares what a host shows with what is demanded. Any thread. */
    @FunctionalInterface
    public interface Check {

        /** What is wrong, one line; null when nothing is. @param chain the host's own certificate first */
        String mismatch(List<X509Certificate> chain, Instant now);
    }
}
