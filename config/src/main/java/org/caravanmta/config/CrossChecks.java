package org.caravanmta.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** What only the whole file can show. */
record CrossChecks(Block root, Problems problems) {

    void check(CaravanConfig config, VirtualMtaNames names) {
        listenersDoNotOverlap(config.smtpListeners());
        if (root.entry("smtp-listener") == null && config.pickups().isEmpty())
            problems.warn(root.node(), "no smtp-listener", "smtp-listener: [ \"IP:PORT\" ]",
                    "nobody can hand mail in by SMTP");
        else if (root.entry("smtp-listener") != null
                && sources(config.sources()).noneMatch(s -> s.smtpService() && s.alwaysAllowRelaying()))
            problems.warn(at("source"), "no source that may relay", "always-allow-relaying: yes for one network",
                    "every recipient will be refused");
        if (root.entry("acct-file") == null)
            problems.warn(root.node(), "no acct-file", "acct-file: { path: acct.csv, records: [ d, b ] }",
                    "outcomes will not be written to a file");
        if (!config.hostName().contains("."))
            problems.warn(at("host-name"), "the host name " + Problems.quote(config.hostName()),
                    "a fully qualified name", "set host-name: many receivers refuse a name without a dot");
        listenersHaveTheirSource(config);
        if (config.invalidVirtualMtaFallback() != null)
            names.check(root.entry("invalid-virtual-mta-fallback").value(), config.invalidVirtualMtaFallback(),
                    problems);
        rollupsKnowTheirHosts(config);
        openRelays(config);
        sizesThatNeverHold(config);
    }

    private static Stream<Source> sources(Sources sources) {
        return Stream.concat(sources.list().stream(), sources.named().values().stream()
                .flatMap(over -> Stream.concat(Stream.of(over.others()), over.list().stream())));
    }

    private void listenersDoNotOverlap(List<SmtpListener> listeners) {
        for (SmtpListener any : listeners)
            for (SmtpListener one : listeners)
                if (any.address().getPort() != 0 && any.address().getPort() == one.address().getPort()
                        && everywhere(any) && !everywhere(one)
                        && any.address().getAddress().getClass() == one.address().getAddress().getClass())
                    problems.add(at("smtp-listener"), any + " and " + one, "each address once",
                            "the first one already takes the port on every address: take the second away");
    }

    private static boolean everywhere(SmtpListener l) {
        return l.address().getAddress().isAnyLocalAddress();
    }

    private void listenersHaveTheirSource(CaravanConfig config) {
        Map<String, Sources> named = config.sources().named();
        for (SmtpListener l : config.smtpListeners())
            if (l.source() != null && !named.containsKey(l.source()))
                unknownSource(listener(l), l.source(), named.keySet());
        pickupsHaveTheirSource(config);
        for (String name : named.keySet())
            if (config.smtpListeners().stream().noneMatch(l -> name.equals(l.source()))
                    && config.pickups().stream().noneMatch(p -> name.equals(p.source())))
                problems.warn(at("source"), "the source " + Problems.quote(name) + ", which no smtp-listener names",
                        "smtp-listener: [ \"IP:PORT source=" + name + "\" ]", "nobody hands mail in as " + name);
    }

    private void pickupsHaveTheirSource(CaravanConfig config) {
        Map<String, Sources> named = config.sources().named();
        for (PickupDirectory p : config.pickups()) {
            Sources own = named.get(p.source());
            if (own == null && !p.source().equals(PickupDirectory.SOURCE))
                unknownSource(root.entry("pickup").value(), p.source(), named.keySet());
            if (own != null && !own.others().alwaysAllowRelaying())
                problems.warn(root.entry("pickup").value(), "files of " + p + " with the source " + p.source(),
                        "always-allow-relaying: yes in that source", "every file will be refused");
        }
    }

    private void unknownSource(Node at, String name, Set<String> known) {
        problems.add(at, Problems.quote(name), "the name of a source", NearestWord.of(name, known)
                .map(n -> "did you mean " + n + "?").orElse("write source: { \"" + name + "\": { … } }"));
    }

    /** Hosts that a pattern finds may each be of one customer: mail of another may not go there. */
    private void rollupsKnowTheirHosts(CaravanConfig config) {
        for (MxRollup r : config.mxRollups())
            if (!r.patterns().isEmpty() && config.virtualMtas().keySet().stream()
                    .anyMatch(v -> config.settings(v, r.name()).smtpHosts().isEmpty()))
                problems.add(root.entry("mx-rollup-list").value(),
                        "the pattern " + r.patterns().getFirst() + " of " + r.name(),
                        "smtp-hosts for the domain " + r.name(),
                        "write domain: { " + r.name() + ": { smtp-hosts: [ \"lookup-mx:example.com\" ] } }");
    }

    private Node listener(SmtpListener l) {
        Node all = root.entry("smtp-listener").value();
        if (all instanceof SequenceNode list)
            for (Node item : list.getValue())
                if (item instanceof ScalarNode s && s.getValue().contains(ListenerGrammar.SOURCE + l.source()))
                    return item;
        return all;
    }

    private void openRelays(CaravanConfig config) {
        boolean reachable = config.smtpListeners().stream().anyMatch(CrossChecks::reachable);
        for (Source s : config.sources().list())
            if (reachable && s.alwaysAllowRelaying() && s.smtpService() && s.network().prefixLength() < 4)
                problems.warn(at("source"), "relaying allowed for " + s.network(), "your own networks only",
                        "without a firewall in front this is an open relay");
        openListeners(config);
    }

    private void openListeners(CaravanConfig config) {
        for (SmtpListener l : config.smtpListeners()) {
            Sources over = l.source() == null ? null : config.sources().named().get(l.source());
            if (over != null && reachable(l) && over.others().smtpService() && over.others().alwaysAllowRelaying())
                problems.warn(at("source"), "relaying allowed for everybody at " + l + " by the source " + l.source(),
                        "your own networks only", "without a firewall in front this is an open relay");
        }
    }

    private static boolean reachable(SmtpListener l) {
        return !l.address().getAddress().isLoopbackAddress();
    }

    private void sizesThatNeverHold(CaravanConfig config) {
        long all = config.smtpIn().maxMessageSizeBytes();
        for (Source s : config.sources().list())
            if (all > 0 && s.maxMessageSizeBytes() > all)
                problems.warn(at("source"), "max-message-size of " + s.network() + " above the one for all",
                        "the smaller of the two to be in the source", "the smaller one holds: raise the one for all");
    }

    private Node at(String key) {
        Block.Entry e = root.entry(key);
        return e == null ? root.node() : e.at();
    }
}
