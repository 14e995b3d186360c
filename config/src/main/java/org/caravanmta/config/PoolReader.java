package org.caravanmta.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.caravanmta.config.VirtualMtaPool.Member;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeyReader;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads the {@code virtual-mta-pool:} block.
 *
 * @param virtualMtas the names that members may say
 * @param keyReader   reads what domain-key names
 * @param keys        filled with what each pool names, by its name
 */
record PoolReader(Problems problems, DomainReader domainReader, Set<String> virtualMtas, SigningKeyReader keyReader,
        Map<String, List<SigningKey>> keys) {

    /** By name, in file order. */
    Map<String, VirtualMtaPool> read(Block all) {
        VirtualMtaNames names = new VirtualMtaNames(virtualMtas, Set.copyOf(all.entries().stream()
                .map(Block.Entry::key).toList()));
        Map<String, VirtualMtaPool> pools = new LinkedHashMap<>();
        Map<String, String> poolWithDomains = new HashMap<>();
        Map<String, Block.Entry> firsts = new HashMap<>();
        for (Block.Entry e : all.entries()) {
            Block.Entry first = firsts.putIfAbsent(e.key(), e);
            if (first != null)
                problems.add(e.at(), "virtual-mta-pool " + Problems.quote(e.key()) + " a second time",
                        "each name once", "the first one is in " + first.place() + "; merge the two, or take one away");
            checkName(e);
            Block block = Block.including(e.value(), "the directives of a virtual-mta-pool", problems);
            Settings settings = block.settings(PoolKeys.VOCABULARY);
            if (settings.says(SigningKeyReader.DOMAIN_KEY))
                keys.put(e.key(), keyReader.keys(block, settings));
            Block.Entry members = block.entry("virtual-mta");
            if (members == null && block.readable())
                problems.add(e.at(), "virtual-mta-pool " + Problems.quote(e.key()) + " without virtual-mta",
                        "virtual-mta: [ NAME, NAME ]", "say which VirtualMTAs share its mail");
            Domains domains = DomainLayers.of(domainReader.read(block.within("domain", DomainKeys.BY_PATTERN)));
            List<Member> list = settings.says(PoolKeys.VIRTUAL_MTA) ? settings.get(PoolKeys.VIRTUAL_MTA) : List.of();
            for (Member m : list) {
                names.checkVirtualMta(members.value(), m.virtualMta(), problems);
                if (domains != Domains.none())
                    checkOnlyOne(members.value(), m, e.key(), poolWithDomains);
            }
            pools.put(e.key(), new VirtualMtaPool(e.key(), list, settings.get(PoolKeys.STICKY), domains,
                    VirtualMtaKeys.limits(settings)));
        }
        return Collections.unmodifiableMap(pools);
    }

    /** Each VirtualMTA with the settings of its pool below its own. */
    static Map<String, VirtualMta> layered(Map<String, VirtualMta> virtualMtas, Map<String, VirtualMtaPool> pools) {
        Map<String, VirtualMta> layered = new LinkedHashMap<>(virtualMtas);
        for (VirtualMtaPool pool : pools.values())
            if (pool.domains() != Domains.none())
                for (Member m : pool.members())
                    layered.computeIfPresent(m.virtualMta(), (name, v) -> new VirtualMta(name, v.sourceHosts(),
                            v.domains().over(pool.domains()), v.limits()));
        return Collections.unmodifiableMap(layered);
    }

    private void checkName(Block.Entry e) {
        String name = e.key();
        if (name.equals(VirtualMta.DEFAULT))
            problems.add(e.at(), Problems.quote(name) + " as a pool", "a name of your own",
                    "{default} is always a virtual-mta");
        else if (virtualMtas.contains(name))
            problems.add(e.at(), "virtual-mta-pool " + Problems.quote(name), "a name that no virtual-mta has",
                    "VirtualMTAs and pools share one namespace: rename one of the two");
        else if (!VirtualMtaNames.wellFormed(name))
            problems.add(e.at(), Problems.quote(name), "the name of a virtual-mta-pool", VirtualMtaNames.HINT);
    }

    private void checkOnlyOne(Node list, Member member, String pool, Map<String, String> poolWithDomains) {
        String other = poolWithDomains.putIfAbsent(member.virtualMta(), pool);
        if (other != null && !other.equals(pool))
            problems.add(VirtualMtaNames.item(list, member.virtualMta()),
                    Problems.quote(member.virtualMta()) + ", which is in pool " + other + " too",
                    "a VirtualMTA in one pool with domain blocks", "take it out of one of them, or put the domain "
                            + "blocks of one of them elsewhere");
    }
}
