package org.caravanmta.config;

import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.Node;

/** Signing without keys, and keys without signing. */
record DkimChecks(Block root, Problems problems) {

    void check(CaravanConfig config) {
        boolean keys = !config.signingKeys().none();
        boolean signs = signs(config.domains())
                || config.virtualMtas().values().stream().anyMatch(v -> signs(v.domains()));
        if (signs && !keys && problems.none())
            problems.add(at("domain"), "dkim-sign, but no domain-key", "domain-key: [ \"SELECTOR,DOMAIN,FILE\" ]",
                    "no mail could be signed, and none that has to be is taken: caravan dkim keygen makes a key");
        if (keys && !signs)
            problems.warn(at("domain-key"), "domain-key, but no dkim-sign", "domain: { \"*\": { dkim-sign: yes } }",
                    "nothing is signed");
    }

    private static boolean signs(Domains domains) {
        return domains instanceof DomainLayers layers && layers.signAny();
    }

    private Node at(String key) {
        Block.Entry e = root.entry(key);
        return e == null ? root.node() : e.at();
    }
}
