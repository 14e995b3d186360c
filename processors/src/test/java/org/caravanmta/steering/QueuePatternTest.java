package org.caravanmta.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueuePatternTest {

    private static final CaravanConfig CONFIG = Configs.of(List.of("mta1", "mta2", "mta3"),
            Map.of("pool", "mta1 mta2"));

    @ParameterizedTest
    @CsvSource({ //
            "gmail.com/mta1, gmail.com, mta1, true", //
            "gmail.com/mta1, GMail.com, mta1, true", //
            "GMAIL.COM./mta1, gmail.com, mta1, true", //
            "gmail.com/mta1, x.gmail.com, mta1, false", //
            "gmail.com/mta1, gmail.com, mta2, false", //
            "gmail.com/mta1, gmail.com, MTA1, false", //
            "gmail.com/mta1, gmail.com, mta11, false", //
            "gmail.com, gmail.com, mta3, true", //
            "gmail.com/*, gmail.com, gone, true", //
            "*/mta1, gmail.com, mta1, true", //
            "*/mta1, [192.0.2.1], mta1, true", //
            "*/*, [IPv6:2001:db8::1], gone, true", //
            "*, x.example, gone, true", //
            "*.example.com/*, a.example.com, mta1, true", //
            "*.example.com/*, example.com, mta1, false", //
            "*.example.com/*, badexample.com, mta1, false", //
            "[*.]example.com/*, example.com, mta1, true", //
            "[*.]example.com/*, a.b.example.com, mta1, true", //
            "[*.]example.com/*, badexample.com, mta1, false", //
            "*/pool, x.example, mta1, true", //
            "*/pool, x.example, mta3, false", //
            "*/pool, x.example, pool, true", //
            "x.example/pool, y.example, mta1, false", //
            "[192.0.2.1]/mta1, [192.0.2.1], mta1, true", //
            "[192.0.2.1]/mta1, [192.0.2.10], mta1, false", //
            "[IPv6:2001:DB8::1]/*, [ipv6:2001:db8::1], mta1, true", //
            "bücher.example/*, xn--bcher-kva.example, mta1, true" })
    void matches(String pattern, String destination, String virtualMta, boolean expected) {
        QueuePattern parsed = QueuePattern.parse(pattern);
        assertThat(parsed.matches(destination, virtualMta, CONFIG)).isEqualTo(expected);
        assertThat(QueuePattern.parse(parsed.toString())).as("read again").isEqualTo(parsed);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "/", "gmail.com/", "/mta1", "gmail.com/mta1/x", "g*mail.com/mta1", "**/mta1",
            "gmail..com/mta1", "[*.]/mta1", "a b.com/mta1", "user@gmail.com/mta1", "[192.0.2.0/24]/mta1",
            "[192.0.2.1/*",
            "[nonsense]/*", "[]/*", "gmail.com/mta1\n", "gmail.com/a\nresume */*", "gmail.com/a\rb", "gmail\n.com/a",
            "[\n]/a", "gmail.com/\0", "gmail.com/\u0085" })
    void refuses(String text) {
        assertThatThrownBy(() -> QueuePattern.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("[^\\n\\r]{10,}");
    }

    @Test
    void coversOnlyWhatItMeansWhole() {
        assertThat(QueuePattern.EVERY.covers(QueuePattern.parse("a.com/mta1"))).isTrue();
        assertThat(QueuePattern.parse("[*.]a.com/*").covers(QueuePattern.parse("*.a.com/pool"))).isTrue();
        assertThat(QueuePattern.parse("*.a.com/*").covers(QueuePattern.parse("[*.]a.com/*"))).isFalse();
        assertThat(QueuePattern.parse("*.a.com/*").covers(QueuePattern.parse("a.com/*"))).isFalse();
        assertThat(QueuePattern.parse("a.com/*").covers(QueuePattern.parse("*.a.com/*"))).isFalse();
        assertThat(QueuePattern.parse("*/pool").covers(QueuePattern.parse("*/mta1"))).isFalse();
        assertThat(QueuePattern.parse("*/mta1").covers(QueuePattern.EVERY)).isFalse();
    }
}
