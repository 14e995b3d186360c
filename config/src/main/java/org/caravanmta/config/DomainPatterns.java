package org.caravanmta.config;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.config.yaml.Settings;

/** The {@code domain} blocks of one layer, found by one hash look-up for each label of a domain. Immutable. */
final class DomainPatterns {

    private final List<String> names;
    private final Settings all;
    private final Map<String, Map<Scope, Settings>> byDomain = new HashMap<>();

    DomainPatterns(Map<DomainPattern, Settings> blocks) {
        names = blocks.keySet().stream().map(DomainPattern::toString).toList();
        all = blocks.get(new DomainPattern(Scope.ALL, ""));
        blocks.forEach((pattern, settings) -> {
            if (pattern.scope() != Scope.ALL)
                byDomain.computeIfAbsent(pattern.domain(), _ -> new EnumMap<>(Scope.class))
                        .put(pattern.scope(), settings);
        });
    }

    /** In file order. */
    List<String> names() {
        return names;
    }

    /** Adds the blocks that hold for a lower-case domain, from general to specific. */
    void matching(String domain, List<Settings> found) {
        if (all != null)
            found.add(all);
        if (byDomain.isEmpty())
            return;
        for (int dot = domain.lastIndexOf('.'); dot >= 0; dot = domain.lastIndexOf('.', dot - 1))
            add(domain.substring(dot + 1), Scope.BELOW, found);
        add(domain, Scope.EXACT, found);
    }

    private void add(String suffix, Scope specific, List<Settings> found) {
        Map<Scope, Settings> here = byDomain.get(suffix);
        if (here == null)
            return;
        for (Scope scope : new Scope[] { Scope.BOTH, specific }) {
            Settings s = here.get(scope);
            if (s != null)
                found.add(s);
        }
    }
}
