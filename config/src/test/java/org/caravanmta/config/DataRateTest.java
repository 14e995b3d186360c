package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import org.caravanmta.config.value.Misunderstood;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataRateTest {

    private final DataRateGrammar grammar = new DataRateGrammar();

    @ParameterizedTest
    @CsvSource({ "12M/m, 12582912, 60", "1g/h, 1073741824, 3600", "500/s, 500, 1", "64 K / 15min, 65536, 900",
            "1024T/d, 1125899906842624, 86400" })
    void bytesByTime(String text, long bytes, long seconds) throws Misunderstood {
        assertThat(grammar.parse(text.replace("64 K", "64K"))).isEqualTo(new Rate(bytes, Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "unlimited", "0" })
    void noLimit(String text) throws Misunderstood {
        assertThat(grammar.parse(text).unlimited()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "12M", "0M/s", "M/s", "12M/", "12M/fortnight", "1025T/d", "-1/s", "1/0s" })
    void everythingElseIsRefused(String text) {
        assertThatThrownBy(() -> grammar.parse(text)).isInstanceOf(Misunderstood.class);
    }
}
