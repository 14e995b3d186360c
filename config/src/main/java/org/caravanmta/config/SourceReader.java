package org.caravanmta.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;

/**
 * Reads the {@code source:} blocks; what several files say about one of them is merged. Inheritance among networks that
 * lie within each other, and of a named source that lies over them, is resolved here, once.
 *
 * @param names        what default-virtual-mta and allowed-virtual-mtas may say
 * @param patternLists what pattern-list may say
 */
record SourceReader(Problems problems, VirtualMtaNames names, Map<String, PatternList> patternLists) {

    private static final CidrGrammar NETWORK = new CidrGrammar();

    /** What the blocks of one network or name say, and where; the strongest block last. */
    private record Said(List<Block> blocks, Settings settings) {

        Said over(Said weaker) {
            return new Said(Stream.concat(weaker.blocks.stream(), blocks.stream()).toList(),
                    Settings.merge(List.of(weaker.settings, settings)));
        }

        Block.Entry entry(String key) {
            return blocks.reversed().stream().map(b -> b.entry(key)).filter(Objects::nonNull).findFirst().orElse(null);
        }
    }

    Sources read(Block byNetworkOrName) {
        Map<Cidr, Said> networks = new LinkedHashMap<>();
        Map<String, Said> named = new LinkedHashMap<>();
        Map<Cidr, Block.Entry> entries = new HashMap<>();
        for (Block.Entry e : byNetworkOrName.entries()) {
            Block block = Block.including(e.value(), "the rights of a source", problems);
            Said said = new Said(List.of(block), block.settings(SourceKeys.VOCABULARY));
            checkNames(said);
            if (NamedSource.is(e.key())) {
                named.merge(e.key(), said, (weaker, stronger) -> stronger.over(weaker));
                continue;
            }
            Cidr network = network(e);
            if (network == null)
                continue;
            networks.merge(network, said, (weaker, stronger) -> stronger.over(weaker));
            Block.Entry before = entries.put(network, e);
            if (before != null && before.sameFile(e))
                problems.add(e.at(), Problems.quote(e.key()) + ", which is " + network + " a second time",
                        "each network once", "merge the two blocks");
        }
        return effective(networks, named);
    }

    /** Most specific first; each with what it leaves unsaid taken from the networks around it. */
    private Sources effective(Map<Cidr, Said> networks, Map<String, Said> named) {
        List<Cidr> wideFirst = new ArrayList<>(networks.keySet());
        wideFirst.sort(Comparator.comparingInt(Cidr::prefixLength));
        Map<Cidr, Settings> merged = new LinkedHashMap<>();
        for (Cidr network : wideFirst.reversed())
            merged.put(network, Settings.merge(wideFirst.stream().filter(wider -> wider.contains(network))
                    .map(wider -> networks.get(wider).settings()).toList()));
        List<Source> sources = new ArrayList<>();
        merged.forEach((network, settings) -> sources.add(source(null, network, settings, networks.get(network))));
        Map<String, Sources> over = new LinkedHashMap<>();
        named.forEach((name, said) -> over.put(name, over(name, said, merged)));
        return new Sources(List.copyOf(sources), Source.NOBODY, Map.copyOf(over));
    }

    /** A named source over each network, and over none. */
    private Sources over(String name, Said said, Map<Cidr, Settings> merged) {
        Source others = source(name, Source.NOBODY.network(), said.settings(), said);
        List<Source> sources = new ArrayList<>();
        merged.forEach((network, settings) -> sources
                .add(source(name, network, Settings.merge(List.of(settings, said.settings())), said)));
        return new Sources(List.copyOf(sources), others, Map.of());
    }

    /** @param last the block that says the most specific part of it */
    private Source source(String name, Cidr network, Settings settings, Said last) {
        Source source = SourceKeys.effective(name, network, settings, patternLists);
        checkAllowed(source, last);
        return source;
    }

    private Cidr network(Block.Entry e) {
        try {
            Cidr network = NETWORK.parse(e.key().strip());
            if (NETWORK.saysMoreThan(network, e.key().strip()))
                problems.warn(e.at(), Problems.quote(e.key()), "a network address", "taken as " + network);
            return network;
        } catch (Misunderstood m) {
            problems.add(e.at(), Problems.quote(e.key()), m.expected() + ", or the name of a source",
                    e.key().startsWith("{") ? NamedSource.HINT : m.hint());
            return null;
        }
    }

    private void checkNames(Said said) {
        String byDefault = said.settings().get(SourceKeys.DEFAULT_VIRTUAL_MTA);
        if (byDefault != null && !byDefault.equals(Source.BY_SMTP_SOURCE_IP))
            names.check(said.entry("default-virtual-mta").value(), byDefault, problems);
        for (String name : said.settings().get(SourceKeys.ALLOWED_VIRTUAL_MTAS))
            if (!name.equals(Source.ALL))
                names.check(said.entry("allowed-virtual-mtas").value(), name, problems);
        String list = said.settings().get(SourceKeys.PATTERN_LIST);
        if (!list.isEmpty() && !patternLists.containsKey(list))
            problems.add(said.entry("pattern-list").value(), Problems.quote(list),
                    "the name of a pattern-list", PatternListReader.listHint(list, patternLists.keySet()));
    }

    /** Told at the block that completes the contradiction. */
    private void checkAllowed(Source source, Said last) {
        Block.Entry allowed = last.entry("allowed-virtual-mtas");
        Block.Entry byDefault = last.entry("default-virtual-mta");
        String name = source.defaultVirtualMta();
        if (name == null && allowed != null && source.smtpService() && source.alwaysAllowRelaying()
                && !source.mayUse(VirtualMta.DEFAULT))
            problems.warn(allowed.value(), "no default-virtual-mta beside allowed-virtual-mtas",
                    "one of the names as the default", "mail that names none leaves through {default}");
        if (name == null || name.equals(Source.BY_SMTP_SOURCE_IP) || source.mayUse(name)
                || allowed == null && byDefault == null)
            return;
        problems.add((byDefault == null ? allowed : byDefault).value(), "the default " + Problems.quote(name)
                + ", which is not among allowed-virtual-mtas", "a default that the source may use",
                "add it to allowed-virtual-mtas, or choose another default");
    }
}
