package org.caravanmta.config;

import java.util.LinkedHashMap;
import java.util.Map;

import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a {@code domain:} block: settings by pattern. */
record DomainReader(Problems problems) {

    private static final DomainPattern.Form FORM = new DomainPattern.Form();

    Map<DomainPattern, Settings> read(Node node) {
        Map<DomainPattern, Settings> blocks = new LinkedHashMap<>();
        for (Block.Entry e : Block.of(node, "domain blocks by pattern", problems).entries()) {
            Block block = Block.of(e.value(), "the settings of a domain", problems);
            Settings settings = block.settings(DomainKeys.VOCABULARY);
            checkRetries(block, settings);
            try {
                if (blocks.putIfAbsent(FORM.parse(e.key().strip()), settings) != null)
                    problems.add(e.at(), Problems.quote(e.key()) + " a second time", "each pattern once",
                            "merge the two blocks");
            } catch (Misunderstood m) {
                problems.add(e.at(), Problems.quote(e.key()), m.expected(), m.hint());
            }
        }
        return blocks;
    }

    private void checkRetries(Block block, Settings settings) {
        if (settings.says(DomainKeys.RETRY_AFTER) && settings.says(DomainKeys.BOUNCE_AFTER)
                && settings.get(DomainKeys.RETRY_AFTER).getFirst()
                        .compareTo(settings.get(DomainKeys.BOUNCE_AFTER)) >= 0)
            problems.warn(block.entry("bounce-after").value(), Interval.text(settings.get(DomainKeys.BOUNCE_AFTER)),
                    "more than the first retry-after", "mail is never tried a second time");
    }
}
