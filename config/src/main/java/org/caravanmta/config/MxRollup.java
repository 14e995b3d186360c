package org.caravanmta.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.caravanmta.config.DomainPattern.Scope;

/**
 * Domains that the operator puts into one queue by their MX hosts. Immutable.
 *
 * @param name     of the queue, ends with {@value #SUFFIX}
 * @param hosts    written out, in lower case
 * @param patterns of hosts
 */
public record MxRollup(String name, Set<String> hosts, List<DomainPattern> patterns) {

    public static final String SUFFIX = ".rollup";

    /** The lines of one name together, names in the order of their first line. */
    static List<MxRollup> of(List<MxRollupGrammar.Line> lines) {
        Map<String, MxRollup> byName = new LinkedHashMap<>();
        for (MxRollupGrammar.Line l : lines) {
            MxRollup r = byName.computeIfAbsent(l.rollup(),
                    n -> new MxRollup(n, new LinkedHashSet<>(), new ArrayList<>()));
            if (l.hosts().scope() == Scope.EXACT)
                r.hosts.add(l.hosts().domain());
            else
                r.patterns.add(l.hosts());
        }
        return byName.values().stream().map(r -> new MxRollup(r.name, Collections.unmodifiableSet(r.hosts),
                List.copyOf(r.patterns))).toList();
    }

    /**
     * Whether a domain belongs here: all hosts that are written out are among its best ones, or a pattern matches one.
     *
     * @param lowest the MX hosts of the lowest preference, in lower case
     */
    public boolean holds(Collection<String> lowest) {
        return holdsByName(lowest) || patterns.stream().anyMatch(p -> lowest.stream().anyMatch(p::matches));
    }

    /** Whether all hosts that are written out are among a domain's best ones. */
    public boolean holdsByName(Collection<String> lowest) {
        return !hosts.isEmpty() && lowest.containsAll(hosts);
    }
}
