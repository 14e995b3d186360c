package org.caravanmta.dnscheck;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.dkim.SigningKey;

/**
 * What belongs to a VirtualMTA: its keys, those of its pools, and where it has none of its own those of everybody; and
 * the domains that its mail is from.
 *
 * @param domains of the keys, {@code check-dns-from}, and those that were asked for
 */
record Scope(List<SigningKey> keys, Set<String> domains) {

    /** More domains of one VirtualMTA than these are not looked at: each would be, for each address. */
    static final int MOST_DOMAINS = 50;

    static Scope of(CaravanConfig config, String virtualMta, List<String> from) {
        Set<SigningKey> keys = new LinkedHashSet<>(
                config.signingKeys().byVirtualMta().getOrDefault(virtualMta, List.of()));
        for (VirtualMtaPool p : config.pools().values())
            if (p.members().stream().anyMatch(m -> m.virtualMta().equals(virtualMta)))
                keys.addAll(config.signingKeys().byPool().getOrDefault(p.name(), List.of()));
        if (keys.isEmpty())
            keys.addAll(config.signingKeys().global());
        Set<String> domains = new LinkedHashSet<>(from);
        domains.addAll(config.dns().checkFrom());
        keys.stream().map(SigningKey::domain).filter(d -> !d.equals(SigningKey.ANY)).forEach(domains::add);
        return new Scope(List.copyOf(keys), domains);
    }
}
