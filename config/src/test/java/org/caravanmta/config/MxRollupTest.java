package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MxRollupTest {

    private static ConfigReader.Result read(String text) {
        return ConfigReader.readText("caravan.yaml", text, () -> "gw.example.com");
    }

    @Test
    void linesOfOneNameAreOneRollup() {
        CaravanConfig c = read("""
                mx-rollup-list:
                  - mx MX1.a.example a.rollup
                  - "mx *.b.example b.rollup"
                  - mx2.a.example a.rollup
                domain:
                  b.rollup: { smtp-hosts: [ "lookup-mx:b.example" ] }
                  c.example: { disable-mx-rollup: yes }
                """).config();
        assertThat(c.mxRollups()).containsExactly(
                new MxRollup("a.rollup", Set.of("mx1.a.example", "mx2.a.example"), List.of()),
                new MxRollup("b.rollup", Set.of(), List.of(new DomainPattern(Scope.BELOW, "b.example"))));
        assertThat(c.settings("{default}", "c.example").disableMxRollup()).isTrue();
        assertThat(c.settings("{default}", "d.example").disableMxRollup()).isFalse();
        assertThat(read("host-name: a.b").config().mxRollups()).isEmpty();
    }

    @Test
    void allHostsThatAreWrittenOutMustBeAmongTheBest() {
        MxRollup both = new MxRollup("a.rollup", Set.of("mx1.a", "mx2.a"), List.of());
        assertThat(both.holds(List.of("mx1.a", "mx2.a"))).isTrue();
        assertThat(both.holds(List.of("mx0.a", "mx1.a", "mx2.a"))).isTrue();
        assertThat(both.holds(List.of("mx1.a"))).isFalse();
        MxRollup pattern = new MxRollup("a.rollup", Set.of(), List.of(new DomainPattern(Scope.BELOW, "a")));
        assertThat(pattern.holds(List.of("x.b", "mx9.a"))).isTrue();
        assertThat(pattern.holds(List.of("a"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "mx.a.example | one pattern and one name per entry",
            "mx mx.a.example a.rolled | the name of a rollup ends with .rollup",
            "mx mx.a.example .rollup | letters, digits and hyphens between dots, such as mta1.example.com",
            "mx * a.rollup | MX hosts by name, such as mx1.example.com or *.mx.example.com",
            "mx a.*.b a.rollup | * stands only at the beginning",
            "mx mx.a.example a.rollup rollup-by-ip | rollup-by-ip is not supported: give the rollup smtp-hosts in its domain block" })
    void whatIsWrongIsSaid(String line, String remedy) {
        assertThat(read("mx-rollup-list: [ \"" + line + "\" ]").problems()).extracting(Problem::hint)
                .containsExactly(remedy);
    }

    @Test
    void whyADomainIsNotRolledUp() {
        Origins o = read("""
                domain:
                  off.example: { disable-mx-rollup: yes }
                  relayed.example: { smtp-hosts: relay.example }
                  limited.example: { max-smtp-out: 3 }
                """).origins();
        assertThat(o.mxRollup("{default}", "any.example")).isEqualTo("by its MX hosts");
        assertThat(o.mxRollup("{default}", "mx.any.example.rollup")).isEqualTo("this is a rollup");
        assertThat(o.mxRollup("{default}", "off.example")).isEqualTo("no: disable-mx-rollup");
        assertThat(o.mxRollup("{default}", "relayed.example")).isEqualTo("no: smtp-hosts");
        assertThat(o.mxRollup("{default}", "limited.example"))
                .isEqualTo("no, not by itself: more is said of it than of \"*\"");
    }

    @Test
    void aPatternNeedsHostsForEveryVirtualMta() {
        String list = "mx-rollup-list: [ \"mx *.a.example a.rollup\" ]\n";
        assertThat(read(list).problems()).singleElement()
                .satisfies(p -> assertThat(p.toString()).contains("caravan.yaml:1", "a.rollup", "smtp-hosts"));
        assertThat(read(list + "domain: { \"*\": { smtp-hosts: relay.example } }").problems()).isEmpty();
        assertThat(read(list + """
                domain: { a.rollup: { smtp-hosts: relay.example } }
                virtual-mta:
                  m: { smtp-source-host: [ "10.0.0.1 a.example" ], domain: { a.rollup: { smtp-hosts: "" } } }
                """).problems()).hasSize(1);
    }
}
