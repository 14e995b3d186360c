package org.caravanmta.delivery;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.caravanmta.config.CaravanConfig.SourceHost;

/**
 * The source addresses of one VirtualMTA, round robin, without those that are not on this machine. Mail leaves from one
 * of these or it waits. Owned by the VirtualMTA's event loop.
 */
final class SourceRotation {

    /** How long a missing address is left alone before it is tried again. */
    private static final long RETRY_NANOS = 10_000_000_000L;

    private List<SourceHost> hosts;
    private final Map<InetAddress, Long> missingSince = new HashMap<>();
    private int next;

    SourceRotation(List<SourceHost> hosts) {
        this.hosts = hosts;
    }

    /** Other addresses from now on; what is known to be missing still is. */
    void hosts(List<SourceHost> now) {
        hosts = now;
        next = 0;
    }

    List<SourceHost> hosts() {
        return hosts;
    }

    /**
     * The next usable source; null when there is none.
     *
     * @param may says whether a source may be used; one that may not is passed over
     */
    SourceHost next(long nowNanos, Predicate<SourceHost> may) {
        for (int i = 0; i < hosts.size(); i++) {
            SourceHost host = hosts.get(next);
            next = (next + 1) % hosts.size();
            if (usable(host, nowNanos) && may.test(host))
                return host;
        }
        return null;
    }

    /** Whether every source is missing just now. */
    boolean none(long nowNanos) {
        return hosts.stream().noneMatch(h -> usable(h, nowNanos));
    }

    private boolean usable(SourceHost host, long nowNanos) {
        Long since = missingSince.get(host.address());
        return since == null || nowNanos - since >= RETRY_NANOS;
    }

    /** Says whether this is news. */
    boolean missing(InetAddress address, long nowNanos) {
        return missingSince.put(address, nowNanos) == null;
    }

    /** Says whether it had been missing. */
    boolean works(InetAddress address) {
        return !missingSince.isEmpty() && missingSince.remove(address) != null;
    }
}
