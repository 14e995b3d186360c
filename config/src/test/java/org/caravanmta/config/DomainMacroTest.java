package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class DomainMacroTest {

    @Test
    void macrosStandForTheirItems() {
        CaravanConfig c = ConfigReaderTest.read("""
                domain:
                  $yahoo: { max-smtp-out: 2 }
                  "mail.live.$tld": { max-smtp-out: 3 }
                  "[*.]$free.$tld": { max-smtp-out: 4 }
                virtual-mta:
                  v: { smtp-source-host: 192.0.2.1 v.example, domain: { $yahoo: { max-smtp-out: 7 } } }
                domain-macro:
                  yahoo: [ yahoo.$tld, ymail.com, "*.rocketmail.com" ]
                  tld: com, co.uk
                  free: [ web, gmx ]
                """).config();

        for (String domain : new String[] { "yahoo.com", "yahoo.co.uk", "ymail.com", "a.rocketmail.com" }) {
            assertThat(c.settings("{default}", domain).maxSmtpOut()).isEqualTo(2);
            assertThat(c.settings("v", domain).maxSmtpOut()).isEqualTo(7);
        }
        assertThat(c.settings("{default}", "mail.live.co.uk").maxSmtpOut()).isEqualTo(3);
        for (String domain : new String[] { "web.com", "x.gmx.co.uk", "x.web.co.uk", "gmx.com" })
            assertThat(c.settings("{default}", domain).maxSmtpOut()).isEqualTo(4);
        for (String domain : new String[] { "yahoo.de", "rocketmail.com", "x.ymail.com", "live.com" })
            assertThat(c.settings("{default}", domain).maxSmtpOut()).isEqualTo(20);
    }

    @Test
    void aDomainWrittenOutBeatsAMacroWhateverTheOrder() {
        CaravanConfig c = ConfigReaderTest.read("""
                domain-macro: { a: [ x.example, y.example ], b: x.example }
                domain:
                  x.example: { max-smtp-out: 1 }
                  $a: { max-smtp-out: 2, mx-connection-attempts: 2, max-msg-per-connection: 2 }
                  $b: { max-smtp-out: 3, mx-connection-attempts: 3 }
                """).config();
        DomainSettings x = c.settings("{default}", "x.example");

        assertThat(x.maxSmtpOut()).isEqualTo(1);
        assertThat(x.mxConnectionAttempts()).isEqualTo(3);
        assertThat(x.maxMsgPerConnection()).isEqualTo(2);
        assertThat(c.settings("{default}", "y.example").maxSmtpOut()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{ domain-macro: { yahoo: a.example }, domain: { $yahooo: {} } } | 1:49 | did you mean $yahoo?",
            "{ domain-macro: { yahoo: a.example }, domain: { x.$q: {} } } | 1:49 | known are yahoo",
            "domain: { $yahoo: {} } | 1:11 | there is no domain-macro in this configuration",
            "domain: { $: {} } | 1:11 | there is no domain-macro in this configuration",
            "domain-macro: { abc: [ x, $z ] } | 1:27 | known are abc",
            "domain-macro: { a: b.$a } | 1:20 | write the domains out in one of them",
            "domain-macro: { a: $b, b: [ x, $c ], c: $a } | 1:41 | write the domains out in one of them",
            "domain-macro: { a-b: x } | 1:17 | letters, digits and underscores, without the $",
            "domain-macro: { a: [] , b: } | 1:27 | write a value behind the colon, or leave the line out",
            "{ domain-macro: { a: [ x, 'y y' ] }, domain: { $a: {} } } | 1:48 | letters, digits and hyphens between dots, such as mta1.example.com",
            "domain-macro: yahoo.com | 1:15 | write key: value lines, or { key: value }" })
    void problemsHaveTheirPlace(String yaml, String place, String hint) {
        assertThat(ConfigReaderTest.read(yaml).problems())
                .extracting(p -> p.line() + ":" + p.column() + " " + p.hint()).containsExactly(place + " " + hint);
    }

    @Test
    void macrosThatMultiplyWithoutEndAreRefused() {
        String levels = IntStream.range(1, 12).mapToObj(i -> "m" + i + ": [" + "$m%1$d.$m%1$d,".formatted(i - 1)
                .repeat(9) + "]").collect(Collectors.joining(", "));
        assertThat(ConfigReaderTest.read("{ domain-macro: { m0: [ a, b ], " + levels + " }, domain: { $m11: {} } }")
                .problems()).extracting(Problem::found).contains("macros that stand for more than 10000 domains");

        String deep = IntStream.range(0, 10_000).mapToObj(i -> "m" + i + ": $m" + (i + 1))
                .collect(Collectors.joining(", ", "domain-macro: { ", ", m10000: x }"));
        assertThat(ConfigReaderTest.read(deep).good()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "[192.0.2.1],4", "[192.0.2.200],3", "[198.51.100.1],2", "[IPv6:2001:db8::1],5",
            "[ipv6:2001:DB8:0::1],5",
            "[2001:db8::1],5", "[IPv6:2001:db9::1],1", "[IPv6:::ffff:192.0.2.1],4", "192.0.2.1,1", "[x],1", "[],1" })
    void addressLiteralsHaveTheirPatterns(String destination, int out) {
        CaravanConfig c = ConfigReaderTest.read("""
                domain:
                  "[192.0.2.1]": { max-smtp-out: 4 }
                  "[0/0]": { max-smtp-out: 2 }
                  "[192.0.2/24]": { max-smtp-out: 3 }
                  "[IPv6:2001:db8::/32]": { max-smtp-out: 5 }
                  "*": { max-smtp-out: 1 }
                """).config();

        assertThat(c.settings("{default}", destination).maxSmtpOut()).isEqualTo(out);
        assertThat(ConfigSummary.of(c)).contains("[192.0.2.0/24]: by MX, 3 connections",
                "[2001:db8:0:0:0:0:0:0/32]: by MX, 5 connections");
    }
}
