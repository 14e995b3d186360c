package org.caravanmta.config;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of one {@code job}. */
final class JobKeys {

    static final Vocabulary VOCABULARY = new Vocabulary("a job block", List.of(VirtualMtaKeys.MAX_SMTP_OUT,
            VirtualMtaKeys.MAX_SMTP_MSG_RATE, VirtualMtaKeys.MAX_SMTP_DATA_VOLUME_RATE), Set.of(Block.INCLUDE),
            OtherDirectives.notIn("job"));

    private JobKeys() {
    }
}
