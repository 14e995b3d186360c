package org.caravanmta.delivery;

import java.util.HashSet;
import java.util.Set;

/**
 * What the domains of one rollup have in common. Each may have other MXs beside the best ones; mail of all of them goes
 * only to hosts that every one has. Owned by the VirtualMTA's event loop.
 */
final class RollupMembers {

    private Set<String> hosts;
    private String first;
    /** Messages whose domain DNS is asked for just now. */
    private int unsure;

    /** One domain more, or one again. Says whether some host is lost by it. */
    boolean join(String domain, Set<String> itsHosts) {
        if (first == null)
            first = domain;
        if (hosts == null) {
            hosts = new HashSet<>(itsHosts);
            return false;
        }
        return hosts.retainAll(itsHosts);
    }

    /** Nobody is here any more. */
    void disband() {
        hosts = null;
        first = null;
    }

    boolean mayUse(String host) {
        return hosts != null && hosts.contains(host);
    }

    /** The domain that came first; null when none has come. */
    String first() {
        return first;
    }

    int unsure() {
        return unsure;
    }

    void unsure(int more) {
        unsure += more;
    }
}
