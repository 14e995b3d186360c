package org.caravanmta.config;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of one {@code virtual-mta}. */
final class VirtualMtaKeys {

    static final Key<List<SourceHost>> SMTP_SOURCE_HOST = Key.of("smtp-source-host",
            new ListOf<>(new SourceHostGrammar(), SourceHost::address, 1, 10_000));

    static final Vocabulary VOCABULARY = new Vocabulary("a virtual-mta block", List.of(SMTP_SOURCE_HOST),
            Set.of(Block.INCLUDE, "domain"), OtherDirectives.notIn("virtual-mta"));

    private VirtualMtaKeys() {
    }
}
