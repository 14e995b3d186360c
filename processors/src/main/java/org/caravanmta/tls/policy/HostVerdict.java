package org.caravanmta.tls.policy;

import org.caravanmta.tls.PeerCheck;

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
     * @param by    who demands it, for records: {@code DANE}, {@code MTA-STS policy of example.com}
     * @param sni   the name to ask the host for
     * @param check null when any certificate will do
     */
    public record Demand(String by, String sni, PeerCheck check) {
    }
}
