package org.caravanmta.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;

/**
 * Reads the {@code source:} blocks; what several files say about one network is merged. Inheritance among networks that
 * lie within each other is resolved here, once.
 *
 * @param virtualMtas the names that default-virtual-mta may say
 */
record SourceReader(Problems problems, Set<String> virtualMtas) {

    private static final CidrGrammar NETWORK = new CidrGrammar();

    Sources read(Block byNetwork) {
        Map<Cidr, Settings> said = new LinkedHashMap<>();
        Map<Cidr, Block.Entry> entries = new HashMap<>();
        for (Block.Entry e : byNetwork.entries()) {
            Block block = Block.including(e.value(), "the rights of a source", problems);
            Settings settings = block.settings(SourceKeys.VOCABULARY);
            checkVirtualMta(block, settings);
            Cidr network = network(e);
            if (network == null)
                continue;
            said.merge(network, settings, (weaker, stronger) -> Settings.merge(List.of(weaker, stronger)));
            Block.Entry before = entries.put(network, e);
            if (before != null && before.sameFile(e))
                problems.add(e.at(), Problems.quote(e.key()) + ", which is " + network + " a second time",
                        "each network once", "merge the two blocks");
        }
        return effective(said);
    }

    /** Most specific first; each with what it leaves unsaid taken from the networks around it. */
    static Sources effective(Map<Cidr, Settings> said) {
        List<Cidr> wideFirst = new ArrayList<>(said.keySet());
        wideFirst.sort(Comparator.comparingInt(Cidr::prefixLength));
        List<Source> sources = new ArrayList<>();
        for (Cidr network : wideFirst)
            sources.add(SourceKeys.effective(network, Settings.merge(
                    wideFirst.stream().filter(wider -> wider.contains(network)).map(said::get).toList())));
        return new Sources(List.copyOf(sources.reversed()));
    }

    private Cidr network(Block.Entry e) {
        try {
            Cidr network = NETWORK.parse(e.key().strip());
            if (NETWORK.saysMoreThan(network, e.key().strip()))
                problems.warn(e.at(), Problems.quote(e.key()), "a network address", "taken as " + network);
            return network;
        } catch (Misunderstood m) {
            problems.add(e.at(), Problems.quote(e.key()), m.expected(), e.key().startsWith("{")
                    ? "named sources are not supported yet: name the network" : m.hint());
            return null;
        }
    }

    private void checkVirtualMta(Block block, Settings settings) {
        String name = settings.get(SourceKeys.DEFAULT_VIRTUAL_MTA);
        if (name == null || virtualMtas.contains(name))
            return;
        String hint = name.equals("by-smtp-source-ip") ? "by-smtp-source-ip is not supported yet: name one"
                : NearestWord.of(name, virtualMtas).map(n -> "did you mean " + n + "?")
                        .orElse("known are " + String.join(", ", virtualMtas.stream().limit(10).toList()));
        problems.add(block.entry("default-virtual-mta").value(), Problems.quote(name), "the name of a virtual-mta",
                hint);
    }
}
