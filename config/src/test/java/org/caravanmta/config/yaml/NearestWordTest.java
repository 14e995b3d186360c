package org.caravanmta.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {

    private static final List<String> WORDS = List.of("max-smtp-out", "max-msg-rate", "retry-after", "mta1", "mta2");

    @ParameterizedTest
    @CsvSource({ "max-smpt-out,max-smtp-out", "MAX-SMTP-OUT,max-smtp-out", "max_msg_rate,max-msg-rate",
            "retryafter,retry-after", "mta3,mta1", "dkim,", "x,", "completely-different," })
    void guesses(String typed, String meant) {
        assertThat(NearestWord.of(typed, WORDS).orElse(null)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({ "'','',0", "abc,abc,0", "abc,acb,1", "abc,ab,1", "abc,xbc,1", "kitten,sitting,3" })
    void edits(String a, String b, int edits) {
        assertThat(NearestWord.edits(a, b)).isEqualTo(edits);
        assertThat(NearestWord.edits(b, a)).isEqualTo(edits);
    }
}
