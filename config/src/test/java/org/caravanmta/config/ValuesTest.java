package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.value.Misunderstood;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({ "250/h,250,PT1H", "1/min,1,PT1M", "100/15m,100,PT15M", "83/5s,83,PT5S", "5/d,5,P1D", "5/day,5,P1D",
            "5/hr,5,PT1H", "5/m,5,PT1M", "5/s,5,PT1S", "5/sec,5,PT1S", "5 / h,5,PT1H", "99999999/h,99999999,PT1H",
            "99999999999999999999999/h,1000000000000,PT1H", "unlimited,0,PT1S", "0,0,PT1S" })
    void rates(String text, long count, Duration per) {
        assertThat(Rate.parse(text)).isEqualTo(new Rate(count, per));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "250", "/h", "0/h", "5/0m", "-5/h", "5/w", "5/h/m", "1.5/h", "5/367d",
            "5/99999999999999999999d", "none" })
    void noRates(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.parse(text));
    }

    @ParameterizedTest
    @CsvSource({ "0/0,0.0.0.0/0", "10/8,10.0.0.0/8", "192.168/16,192.168.0.0/16", "127.0.0.0/8,127.0.0.0/8",
            "10.1.2.3/8,10.0.0.0/8", "192.0.2.7,192.0.2.7/32", "2001:db8::/32,2001:db8:0:0:0:0:0:0/32",
            "::/0,0:0:0:0:0:0:0:0/0", "::1,0:0:0:0:0:0:0:1/128" })
    void networks(String text, String normal) {
        assertThat(Cidr.parse(text)).hasToString(normal).isEqualTo(Cidr.parse(normal))
                .hasSameHashCodeAs(Cidr.parse(normal));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "10", "10/33", "10.0.0.0/", "/8", "10/-1", "::/129", "256/8", "a/8", "1.2.3.4.5/8",
            "{auth}", "10/99999999999999999999" })
    void noNetworks(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @Test
    void aNetworkCannotBeChangedFromOutside() {
        byte[] bytes = { 10, 0, 0, 0 };
        Cidr ten = new Cidr(bytes, 8);
        bytes[0] = 11;
        ten.network()[0] = 12;

        assertThat(ten.contains(InetAddress.ofLiteral("10.9.8.7"))).isTrue();
        assertThat(ten.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(ten).isNotEqualTo(Cidr.parse("10/9"));
    }

    @ParameterizedTest
    @CsvSource({ "mx.example.com,mx.example.com,0,false", "mx.example.com:26,mx.example.com,26,false",
            "127.0.0.2:24600,127.0.0.2,24600,false", "[192.0.2.1],192.0.2.1,0,false",
            "[192.0.2.1]:25,192.0.2.1,25,false",
            "[IPv6:2001:db8::1]:25,2001:db8:0:0:0:0:0:1,25,false", "[::1]:25,0:0:0:0:0:0:0:1,25,false",
            "lookup-mx:Example.com,example.com,0,true", "lookup-mx:example.com:26,example.com,26,true" })
    void nextHops(String text, String host, int port, boolean mx) throws Misunderstood {
        assertThat(new NextHopGrammar().parse(text)).isEqualTo(new NextHop(host, port, mx));
    }

    @ParameterizedTest
    @ValueSource(
            strings = { "", "mx:0", "mx:65536", "mx:", ":25", "::1", "[192.0.2.1", "[mx.example.com]:25", "[1.2.3.4]25",
                    "a b", "lookup-mx:", "lookup-mx:192.0.2.1", "192.0.2.256:25", "]", "[" })
    void noNextHops(String text) {
        assertThatExceptionOfType(Misunderstood.class).isThrownBy(() -> new NextHopGrammar().parse(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'''a, b; c'''                | a,b;c",
            "[ a, b, c ]                  | a,b,c",
            "[ 'a,b', c ]                 | a,b,c",
            "[ 'a;b', c ]                 | a;b,c",
            "[ [ a, b ], [ c ] ]          | a,b;c",
            "[ a, [ b, c ], d ]           | a;b,c;d",
            "a                            | a",
            "''''''                       | ''",
            "[]                           | ''" })
    void levelsOfNextHops(String yaml, String levels) {
        DomainSettings s = ConfigReaderTest.read("domain: { '*': { smtp-hosts: " + yaml + " } }").config()
                .settings("{default}", "example.com");

        assertThat(String.join(";", s.smtpHosts().stream()
                .map(l -> String.join(",", l.stream().map(NextHop::host).toList())).toList())).isEqualTo(levels);
    }

    @Test
    void aNextHopWithoutPortGetsTheDefaultPortOfItsOwnQueue() {
        CaravanConfig c = ConfigReaderTest.read("""
                domain:
                  "*": { smtp-hosts: [ a, "b:26" ] }
                  x.example: { default-smtp-port: 587 }
                """).config();

        assertThat(c.settings("{default}", "y.example").smtpHosts())
                .isEqualTo(List.of(List.of(new NextHop("a", 25, false), new NextHop("b", 26, false))));
        assertThat(c.settings("{default}", "x.example").smtpHosts())
                .isEqualTo(List.of(List.of(new NextHop("a", 587, false), new NextHop("b", 26, false))));
    }
}
