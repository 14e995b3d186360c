package org.caravanmta.delivery;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.caravanmta.config.CaravanConfig.IpLimit;
import org.caravanmta.config.CaravanConfig.MxLimit;
import org.caravanmta.config.CaravanConfig.SmtpOutLimits;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.throttle.ConnectionPermits;

/**
 * Limits on connections above one VirtualMTA: the total, and those of each source address to hosts and networks. All
 * entries that match a connection hold for it. Any thread.
 */
final class SharedConnections {

    private static final SmtpOutLimits NONE = new SmtpOutLimits(0, List.of(), List.of());

    /** @param whom what the entry names: a pattern of hosts, or a network */
    private record Key(InetAddress source, Object whom) {
    }

    private final ConnectionPermits total = new ConnectionPermits("total-max-smtp-out", 0);
    private final Map<Key, ConnectionPermits> bySource = new ConcurrentHashMap<>();
    private volatile SmtpOutLimits limits = NONE;

    /** Other limits from now on. Entries that are new count from here; others take over what is open. */
    synchronized void limit(SmtpOutLimits now) {
        if (now.equals(limits))
            return;
        limits = now;
        total.limit(now.totalMaxSmtpOut());
        bySource.forEach((key, permits) -> permits.limit(limitOf(key.whom())));
    }

    /** 0, no limit, when the entry is gone: who still waits for it goes on. */
    private int limitOf(Object whom) {
        for (MxLimit l : limits.toMx())
            if (l.hosts().equals(whom))
                return l.connections();
        for (IpLimit l : limits.toIp())
            if (l.network().equals(whom))
                return l.connections();
        return 0;
    }

    ConnectionPermits total() {
        return total;
    }

    /** The permits of connections from this source to this target, without the total. */
    List<ConnectionPermits> of(InetAddress source, Target target) {
        SmtpOutLimits now = limits;
        if (now.toMx().isEmpty() && now.toIp().isEmpty())
            return List.of();
        List<ConnectionPermits> found = new ArrayList<>();
        for (MxLimit l : now.toMx())
            if (l.hosts().matches(target.host()))
                found.add(permits(source, l.hosts(), "mx-connection-limit", l.connections()));
        for (IpLimit l : now.toIp())
            if (l.network().contains(target.address().getAddress()))
                found.add(permits(source, l.network(), "ip-connection-limit", l.connections()));
        return found;
    }

    private ConnectionPermits permits(InetAddress source, Object whom, String directive, int connections) {
        return bySource.computeIfAbsent(new Key(source, whom), _ -> new ConnectionPermits(directive, connections));
    }
}
