package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.throttle.LimitLedger;

import io.netty.channel.EventLoopGroup;

/** The limits of all pools, and which of them hold for a VirtualMTA. Any thread. */
final class SharedPools {

    private final EventLoopGroup loops;
    private final LimitLedger ledger;
    private final Map<String, PoolLimits> byName = new HashMap<>();
    private volatile Map<String, List<PoolLimits>> byMember = Map.of();

    SharedPools(EventLoopGroup loops, LimitLedger ledger) {
        this.loops = loops;
        this.ledger = ledger;
    }

    /** Pools that are gone have no limit any more; who waits for one goes on. */
    synchronized void configured(CaravanConfig now) {
        Map<String, List<PoolLimits>> members = new HashMap<>();
        byName.forEach((name, limits) -> {
            if (!now.pools().containsKey(name))
                limits.limit(VirtualMta.Limits.NONE);
        });
        for (VirtualMtaPool pool : now.pools().values()) {
            PoolLimits known = byName.get(pool.name());
            if (known != null)
                known.limit(pool.limits());
            if (pool.limits().equals(VirtualMta.Limits.NONE))
                continue;
            PoolLimits limits = known != null ? known
                    : PoolLimits.of(pool.name(), pool.limits(), loops.next(), System::nanoTime, ledger);
            byName.put(pool.name(), limits);
            for (VirtualMtaPool.Member m : pool.members())
                members.computeIfAbsent(m.virtualMta(), _ -> new ArrayList<>(1)).add(limits);
        }
        byMember = members;
    }

    /** The pools with limits that the VirtualMTA is in. */
    List<PoolLimits> of(String virtualMta) {
        return byMember.getOrDefault(virtualMta, List.of());
    }
}
