package org.caravanmta.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeyReader;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;

/**
 * Reads the {@code virtual-mta:} block.
 *
 * @param said      filled with what each VirtualMTA says itself, by name
 * @param keyReader reads what domain-key names
 * @param keys      filled with what each VirtualMTA names, by its name
 */
record VirtualMtaReader(Problems problems, DomainReader domainReader, Map<String, Settings> said,
        SigningKeyReader keyReader, Map<String, List<SigningKey>> keys) {

    /** By name, in file order; always with {@link VirtualMta#DEFAULT}. */
    static Map<String, VirtualMta> none() {
        Map<String, VirtualMta> map = new LinkedHashMap<>();
        map.put(VirtualMta.DEFAULT, new VirtualMta(VirtualMta.DEFAULT, List.of(), Domains.none(),
                VirtualMta.Limits.NONE));
        return Collections.unmodifiableMap(map);
    }

    Map<String, VirtualMta> read(Block byName) {
        Map<String, VirtualMta> map = new LinkedHashMap<>();
        Map<String, Block.Entry> firsts = new HashMap<>();
        for (Block.Entry e : byName.entries()) {
            Block.Entry first = firsts.putIfAbsent(e.key(), e);
            if (first != null)
                problems.add(e.at(), "virtual-mta " + Problems.quote(e.key()) + " a second time", "each name once",
                        "the first one is in " + first.place() + "; merge the two, or take one away");
            Block block = Block.including(e.value(), "the directives of a virtual-mta", problems);
            Settings settings = block.settings(VirtualMtaKeys.VOCABULARY);
            said.put(e.key(), settings);
            if (settings.says(SigningKeyReader.DOMAIN_KEY))
                keys.put(e.key(), keyReader.keys(block, settings));
            checkName(e);
            List<SourceHost> hosts = settings.get(VirtualMtaKeys.SMTP_SOURCE_HOST);
            if (!e.key().equals(VirtualMta.DEFAULT) && block.readable() && block.entry("smtp-source-host") == null)
                problems.add(e.at(), "virtual-mta " + Problems.quote(e.key()) + " without smtp-source-host",
                        "smtp-source-host: [ \"IP NAME\" ]",
                        "say which address its mail leaves from and the EHLO name");
            Domains domains = DomainLayers.of(domainReader.read(block.within("domain", DomainKeys.BY_PATTERN)));
            map.put(e.key(), new VirtualMta(e.key(), hosts == null ? List.of() : hosts, domains,
                    VirtualMtaKeys.limits(settings)));
        }
        none().forEach(map::putIfAbsent);
        return Collections.unmodifiableMap(map);
    }

    private void checkName(Block.Entry e) {
        String name = e.key();
        if (name.startsWith("{") && !name.equals(VirtualMta.DEFAULT))
            problems.add(e.at(), Problems.quote(name), "a name of your own, or {default}",
                    "names in { } are reserved");
        else if (!name.equals(VirtualMta.DEFAULT) && !VirtualMtaNames.wellFormed(name))
            problems.add(e.at(), Problems.quote(name), "the name of a virtual-mta", VirtualMtaNames.HINT);
    }
}
