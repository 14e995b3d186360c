package org.caravanmta.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

    private static final Interval INTERVAL = new Interval(Duration.ZERO, Duration.ofDays(365));
    private static final Size SIZE = new Size(0, 1L << 40);
    private static final WholeNumber NUMBER = new WholeNumber(1, 100);
    private static final IpEndpoint LISTENER = new IpEndpoint(-1, 0);
    private static final IpEndpoint NAME_SERVER = new IpEndpoint(53, 1);

    @ParameterizedTest
    @CsvSource({ "yes,true", "true,true", "no,false", "false,false" })
    void booleans(String text, boolean value) throws Misunderstood {
        assertThat(new YesNo().parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "on", "off", "1", "0", "YES", "maybe", "never" })
    void noBooleans(String text) {
        refused(new YesNo(), text);
    }

    @ParameterizedTest
    @CsvSource({ "4d12h,PT108H", "300s,PT5M", "1w2d,P9D", "1w2d3h4m5s,P9DT3H4M5S", "10m,PT10M", "0,PT0S", "0s,PT0S",
            "90m,PT90M", "007s,PT7S" })
    void intervals(String text, Duration value) throws Misunderstood {
        assertThat(INTERVAL.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "10", "m", "1h1d", "1h 1m", "1m1m", "-1s", "1.5h", "1y", "5M", "2ms", "366d",
            "99999999999999999999w", "9223372036854775807s", "9223372036854775807w9223372036854775807w" })
    void noIntervals(String text) {
        refused(INTERVAL, text);
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "1s", "10m", "2h", "4d12h", "1w", "365d", "1h30m", "9d" })
    void intervalsAreShownAsWritten(String text) throws Misunderstood {
        assertThat(Interval.text(INTERVAL.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({ "0,0", "10,10", "10b,10", "10k,10240", "10M,10485760", "1g,1073741824", "1T,1099511627776",
            "unlimited,0" })
    void sizes(String text, long bytes) throws Misunderstood {
        assertThat(SIZE.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = { "", "M", "10MB", "10 M", "-1", "1.5M", "2T", "99999999999999999999", "9223372036854775807t" })
    void noSizes(String text) {
        refused(SIZE, text);
    }

    @ParameterizedTest
    @CsvSource({ "0,0", "1023,1023", "1024,1K", "1536,1536", "1048576,1M", "52428800,50M" })
    void sizesAreShownExactly(long bytes, String text) {
        assertThat(Size.text(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({ "1,1", "100,100", "042,42" })
    void wholeNumbers(String text, int value) throws Misunderstood {
        assertThat(NUMBER.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "0", "101", "-1", "1.0", "0x10", "1_0", "ten", "+5", "unlimited", "4294967297",
            "99999999999999999999999999", "\u0661" })
    void noWholeNumbers(String text) {
        refused(NUMBER, text);
    }

    @ParameterizedTest
    @CsvSource({ "500us,PT0.0005S", "1ms,PT0.001S", "10us,PT0.00001S" })
    void shortIntervals(String text, Duration value) throws Misunderstood {
        assertThat(new ShortInterval(Duration.ofNanos(10_000), Duration.ofMillis(100)).parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "0", "1s", "9us", "101ms", "0.5ms", "500", "999999999999999999999us" })
    void noShortIntervals(String text) {
        refused(new ShortInterval(Duration.ofNanos(10_000), Duration.ofMillis(100)), text);
    }

    @ParameterizedTest
    @CsvSource({ "127.0.0.1:2525,/127.0.0.1:2525", "0/0:25,/0.0.0.0:25", "127.0.0.1:0,/127.0.0.1:0",
            "[::1]:2525,/[0:0:0:0:0:0:0:1]:2525", "0.0.0.0:587,/0.0.0.0:587" })
    void listeners(String text, String value) throws Misunderstood {
        assertThat(LISTENER.parse(text)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "2525", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:smtp",
            "localhost:25", "::1:25", "[::1", "[::1]25", "10.0.0.0/8:25", "1.2.3:25", "256.0.0.1:25", "01.2.3.4:25",
            "[fe80::1%eth0]:25", ":25", "127.0.0.1:99999999999999999999" })
    void noListeners(String text) {
        refused(LISTENER, text);
    }

    @ParameterizedTest
    @CsvSource({ "192.0.2.53,/192.0.2.53:53", "192.0.2.53:5353,/192.0.2.53:5353",
            "2001:db8::1,/[2001:db8:0:0:0:0:0:1]:53",
            "[2001:db8::1]:54,/[2001:db8:0:0:0:0:0:1]:54" })
    void nameServers(String text, String value) throws Misunderstood {
        assertThat(NAME_SERVER.parse(text)).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource({ "Example.COM,example.com", "mta1.example.com.,mta1.example.com",
            "b\u00fccher.example,xn--bcher-kva.example",
            "a_b.example,a_b.example", "localhost,localhost" })
    void hostNames(String text, String value) throws Misunderstood {
        assertThat(new HostName().parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ".", "a..b", ".a", "-a.example", "a-.example", "a b", "a/b", "192.0.2.1", "1234",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example" })
    void noHostNames(String text) {
        refused(new HostName(), text);
    }

    private static void refused(Grammar<?> grammar, String text) {
        assertThatExceptionOfType(Misunderstood.class).isThrownBy(() -> grammar.parse(text)).satisfies(e -> {
            assertThat(e.expected()).isNotBlank();
            assertThat(e.hint()).isNotBlank();
        });
    }
}
