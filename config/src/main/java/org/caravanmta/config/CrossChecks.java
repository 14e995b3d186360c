package org.caravanmta.config;

import java.net.InetSocketAddress;
import java.util.List;

import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.Node;

/** What only the whole file can show. */
record CrossChecks(Block root, Problems problems) {

    void check(CaravanConfig config) {
        listenersDoNotOverlap(config.smtpListeners());
        if (root.entry("smtp-listener") == null)
            problems.warn(root.node(), "no smtp-listener", "smtp-listener: [ \"IP:PORT\" ]",
                    "nobody can hand mail in by SMTP");
        else if (config.sources().list().stream().noneMatch(s -> s.smtpService() && s.alwaysAllowRelaying()))
            problems.warn(at("source"), "no source that may relay", "always-allow-relaying: yes for one network",
                    "every recipient will be refused");
        if (root.entry("acct-file") == null)
            problems.warn(root.node(), "no acct-file", "acct-file: { path: acct.csv, records: [ d, b ] }",
                    "outcomes will not be written to a file");
        if (!config.hostName().contains("."))
            problems.warn(at("host-name"), "the host name " + Problems.quote(config.hostName()),
                    "a fully qualified name", "set host-name: many receivers refuse a name without a dot");
        openRelays(config);
        sizesThatNeverHold(config);
    }

    private void listenersDoNotOverlap(List<InetSocketAddress> listeners) {
        for (InetSocketAddress any : listeners)
            for (InetSocketAddress one : listeners)
                if (any.getPort() != 0 && any.getPort() == one.getPort() && any.getAddress().isAnyLocalAddress()
                        && !one.getAddress().isAnyLocalAddress()
                        && any.getAddress().getClass() == one.getAddress().getClass())
                    problems.add(at("smtp-listener"), text(any) + " and " + text(one), "each address once",
                            "the first one already takes the port on every address: take the second away");
    }

    private void openRelays(CaravanConfig config) {
        boolean reachable = config.smtpListeners().stream().anyMatch(l -> !l.getAddress().isLoopbackAddress());
        for (Source s : config.sources().list())
            if (reachable && s.alwaysAllowRelaying() && s.smtpService() && s.network().prefixLength() < 4)
                problems.warn(at("source"), "relaying allowed for " + s.network(), "your own networks only",
                        "without a firewall in front this is an open relay");
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

    private static String text(InetSocketAddress a) {
        return a.getAddress().getHostAddress() + ":" + a.getPort();
    }
}
