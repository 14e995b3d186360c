package org.caravanmta.config;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.dkim.SigningKeyReader;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.value.WholeNumber;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of one {@code virtual-mta}. */
final class VirtualMtaKeys {

    static final Key<List<SourceHost>> SMTP_SOURCE_HOST = Key.of("smtp-source-host",
            new ListOf<>(new SourceHostGrammar(), SourceHost::address, 1, 10_000));

    static final Key<Integer> MAX_SMTP_OUT = Key.of("max-smtp-out", new One<>(new WholeNumber(0, 100_000)), "0");
    static final Key<Rate> MAX_SMTP_MSG_RATE = Key.of("max-smtp-msg-rate", new One<>(new RateGrammar()), "unlimited");
    static final Key<Rate> MAX_SMTP_DATA_VOLUME_RATE = Key.of("max-smtp-data-volume-rate",
            new One<>(new DataRateGrammar()), "unlimited");

    static final Vocabulary VOCABULARY = new Vocabulary("a virtual-mta block",
            List.of(SMTP_SOURCE_HOST, MAX_SMTP_OUT, MAX_SMTP_MSG_RATE, MAX_SMTP_DATA_VOLUME_RATE,
                    SigningKeyReader.DOMAIN_KEY),
            Set.of(Block.INCLUDE, "domain"),
            OtherDirectives.notIn("virtual-mta"));

    private VirtualMtaKeys() {
    }

    static VirtualMta.Limits limits(Settings s) {
        return new VirtualMta.Limits(s.get(MAX_SMTP_OUT), s.get(MAX_SMTP_MSG_RATE), s.get(MAX_SMTP_DATA_VOLUME_RATE));
    }
}
