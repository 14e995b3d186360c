package org.caravanmta.vmta;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.VirtualMtaPool.Member;
import org.caravanmta.vmta.Selection.Chosen;

/** Every name of one configuration, ready to be chosen. Apart from the turns of the pools immutable. */
final class Ways {

    private final CaravanConfig config;
    private final Map<String, Way> byName = new HashMap<>();
    private final Map<InetAddress, Way> byAddress = new HashMap<>();
    private final Way byDefault;
    private final Way fallback;

    Ways(CaravanConfig config, MemberAvailability availability) {
        this.config = config;
        for (VirtualMta v : config.virtualMtas().values()) {
            Way way = new Way.Direct(new Chosen(v.name(), null));
            byName.put(v.name(), way);
            for (SourceHost host : v.sourceHosts())
                byAddress.putIfAbsent(host.address(), way);
        }
        for (VirtualMtaPool pool : config.pools().values())
            byName.put(pool.name(), pooled(pool, availability));
        byDefault = byName.get(VirtualMta.DEFAULT);
        String name = config.invalidVirtualMtaFallback();
        fallback = name == null ? byDefault : byName.get(name);
    }

    private static Way pooled(VirtualMtaPool pool, MemberAvailability availability) {
        List<Member> list = pool.members();
        Chosen[] members = new Chosen[list.size()];
        long[] weights = new long[list.size()];
        for (int m = 0; m < members.length; m++) {
            members[m] = new Chosen(list.get(m).virtualMta(), pool.name());
            weights[m] = list.get(m).weight();
        }
        return new Way.Pooled(pool.name(), new PoolRotation(members, weights, availability), pool.sticky() == null
                ? null : new StickyMembers(pool.sticky(), members, weights, availability));
    }

    boolean of(CaravanConfig snapshot) {
        return config == snapshot;
    }

    /** Null when there is no such VirtualMTA or pool. */
    Way named(String name) {
        return byName.get(name);
    }

    /** The VirtualMTA that sends from this address; the first one in the file when several do; null when none does. */
    Way sendingFrom(InetAddress address) {
        return address == null ? null : byAddress.get(address);
    }

    Way byDefault() {
        return byDefault;
    }

    /** Of mail that asks for an unknown name and is not refused. */
    Way fallback() {
        return fallback;
    }
}
