package org.caravanmta.delivery;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.MxRollup;
import org.caravanmta.dns.MxHosts;

/**
 * The queue that a domain shares with others.
 *
 * @param name  of the queue, ends with {@link MxRollup#SUFFIX}
 * @param hosts that its mail may go to, as far as this domain is concerned
 */
record RollupChoice(String name, Set<String> hosts) {

    /**
     * By list, else by the set of the best MX hosts. By the latter only where nothing but {@code *} is said of the
     * domain: what an operator says of one domain holds for it. Never where less TLS is demanded than for the domain.
     *
     * @param mx the domain's MX records; null when there are none
     * @return null when the domain has a queue of its own
     */
    static RollupChoice of(CaravanConfig config, String virtualMta, String domain, MxHosts mx) {
        DomainSettings own = config.settings(virtualMta, domain);
        if (mx == null || own.disableMxRollup() || !own.smtpHosts().isEmpty())
            return null;
        RollupChoice choice = listed(config.mxRollups(), mx);
        if (choice == null && mx.rollup() != null && own.equals(config.generalSettings(virtualMta)))
            choice = new RollupChoice(mx.rollup(), all(mx));
        if (choice == null)
            return null;
        DomainSettings shared = config.settings(virtualMta, choice.name);
        return shared.disableMxRollup() || shared.tls().demandsLessThan(own.tls()) ? null : choice;
    }

    private static RollupChoice listed(List<MxRollup> rollups, MxHosts mx) {
        for (MxRollup r : rollups)
            if (r.holds(mx.lowest()))
                return new RollupChoice(r.name(), r.holdsByName(mx.lowest()) ? r.hosts() : Set.copyOf(mx.lowest()));
        return null;
    }

    private static Set<String> all(MxHosts mx) {
        return Set.copyOf(Stream.concat(mx.lowest().stream(), mx.others().stream()).toList());
    }
}
