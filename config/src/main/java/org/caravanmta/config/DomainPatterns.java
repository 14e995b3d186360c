package org.caravanmta.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.config.dkim.DkimKeys;
import org.caravanmta.config.yaml.Settings;

/**
 * The {@code domain} blocks of one layer, found by two hash look-ups for each label of a domain. Patterns for address
 * literals are few, and searched one by one. Immutable.
 */
final class DomainPatterns {

    private static final DomainPattern EVERYTHING = new DomainPattern(Scope.ALL, "");

    private final Map<DomainPattern, Settings> blocks;
    private final List<Literals> literals;
    private final boolean reroutes;
    private final boolean signs;

    private record Literals(Cidr network, DomainPattern pattern) {
    }

    /** @param blocks in file order */
    DomainPatterns(Map<DomainPattern, Settings> blocks) {
        this.blocks = new LinkedHashMap<>(blocks);
        reroutes = blocks.values().stream()
                .anyMatch(s -> s.says(DomainKeys.QUEUE_TO) || s.says(DomainKeys.REROUTE_TO_VIRTUAL_MTA));
        signs = blocks.values().stream().anyMatch(DkimKeys::signs);
        List<Literals> found = new ArrayList<>(0);
        for (DomainPattern p : blocks.keySet())
            if (p.scope() == Scope.LITERAL)
                found.add(new Literals(Cidr.parse(p.domain()), p));
        found.sort(Comparator.comparingInt(l -> l.network().prefixLength()));
        literals = List.copyOf(found);
    }

    /** In file order. */
    List<String> names() {
        return blocks.keySet().stream().map(DomainPattern::toString).toList();
    }

    /** Whether any block says where mail is to go instead. */
    boolean rerouteAny() {
        return reroutes;
    }

    /** Whether any block says that mail is to be signed. */
    boolean signAny() {
        return signs;
    }

    /** Hands over every block, in file order. */
    void forEach(BiConsumer<DomainPattern, Settings> found) {
        blocks.forEach(found);
    }

    /** Hands over the blocks that hold for a lower-case domain or address literal, from general to specific. */
    void matching(String domain, BiConsumer<DomainPattern, Settings> found) {
        add(EVERYTHING, found);
        if (domain.startsWith("[")) {
            InetAddress address = literals.isEmpty() ? null : DomainPattern.literal(domain);
            for (Literals l : literals)
                if (address != null && l.network().contains(address))
                    add(l.pattern(), found);
        } else {
            for (int dot = domain.lastIndexOf('.'); dot >= 0; dot = domain.lastIndexOf('.', dot - 1))
                add(domain.substring(dot + 1), Scope.BELOW, found);
            add(domain, Scope.EXACT, found);
        }
    }

    private void add(String suffix, Scope specific, BiConsumer<DomainPattern, Settings> found) {
        add(new DomainPattern(Scope.BOTH, suffix), found);
        add(new DomainPattern(specific, suffix), found);
    }

    private void add(DomainPattern pattern, BiConsumer<DomainPattern, Settings> found) {
        Settings s = blocks.get(pattern);
        if (s != null)
            found.accept(pattern, s);
    }
}
