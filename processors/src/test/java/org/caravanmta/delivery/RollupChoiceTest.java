package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;
import org.caravanmta.dns.MxHosts;
import org.junit.jupiter.api.Test;

class RollupChoiceTest {

    private static final MxHosts PROVIDER = MxHosts
            .of(List.of(new MxHosts.Mx("mx.p.example", 5), new MxHosts.Mx("backup.p.example", 10)));

    private static final CaravanConfig CONFIG = ConfigReader.readText("caravan.yaml", """
            mx-rollup-list:
              - mx mx.list.example list.rollup
              - mx *.many.example many.rollup
              - mx mx.safe.example safe.rollup
            virtual-mta:
              m1: { smtp-source-host: [ "10.0.0.1 m1.example" ] }
              m2: { smtp-source-host: [ "10.0.0.2 m2.example" ], domain: { "*": { disable-mx-rollup: yes } } }
              m3: { smtp-source-host: [ "10.0.0.3 m3.example" ], domain: { said.example: { max-smtp-out: 3 } } }
            domain:
              "*": { max-smtp-out: 7 }
              same.example: { max-smtp-out: 7 }
              limited.example: { max-smtp-out: 3 }
              off.example: { disable-mx-rollup: yes }
              relayed.example: { smtp-hosts: relay.example }
              must.example: { require-starttls: yes }
              strict.example: { smtp-tls-verify: yes }
              safe.rollup: { require-starttls: yes }
              many.rollup: { smtp-hosts: "lookup-mx:many.example" }
            """, () -> "gw.example.com").config();

    private static String name(String virtualMta, String domain, MxHosts mx) {
        RollupChoice choice = RollupChoice.of(CONFIG, virtualMta, domain, mx);
        return choice == null ? null : choice.name();
    }

    private static MxHosts best(String... hosts) {
        return MxHosts.of(List.of(hosts).stream().map(h -> new MxHosts.Mx(h, 1)).toList());
    }

    @Test
    void domainsOfWhichNothingElseIsSaidAreRolledUp() {
        for (String domain : List.of("any.example", "same.example"))
            assertThat(RollupChoice.of(CONFIG, "m1", domain, PROVIDER)).as(domain)
                    .isEqualTo(new RollupChoice("mx.p.example.rollup", Set.of("mx.p.example", "backup.p.example")));
        assertThat(name("m1", "any.example", null)).isNull();
        for (String domain : List.of("limited.example", "off.example", "relayed.example"))
            assertThat(name("m1", domain, PROVIDER)).as(domain).isNull();
    }

    @Test
    void noListTakesMailToWhereLessTlsIsDemanded() {
        assertThat(name("m1", "must.example", best("mx.list.example"))).isNull();
        assertThat(name("m1", "strict.example", best("mx.list.example"))).isNull();
        assertThat(name("m1", "must.example", best("mx.safe.example"))).isEqualTo("safe.rollup");
        assertThat(name("m1", "any.example", best("mx.safe.example"))).isEqualTo("safe.rollup");
        assertThat(name("m1", "strict.example", best("mx.safe.example"))).isNull();
    }

    @Test
    void eachVirtualMtaHasItsOwnSay() {
        assertThat(name("m2", "any.example", PROVIDER)).isNull();
        assertThat(name("m3", "any.example", PROVIDER)).isNotNull();
        assertThat(name("m3", "said.example", PROVIDER)).isNull();
        assertThat(name("m1", "said.example", PROVIDER)).isNotNull();
    }

    @Test
    void theListTakesDomainsWithBlocksButNotWhatIsKeptOut() {
        MxHosts listed = best("mx.list.example", "mx.other.example");
        assertThat(RollupChoice.of(CONFIG, "m1", "limited.example", listed))
                .isEqualTo(new RollupChoice("list.rollup", Set.of("mx.list.example")));
        assertThat(name("m1", "off.example", listed)).isNull();
        assertThat(name("m1", "relayed.example", listed)).isNull();
        assertThat(name("m1", "any.example", best("x.many.example"))).isEqualTo("many.rollup");
        assertThat(name("m1", "any.example", best("x.many.example", "mx.list.example"))).isEqualTo("list.rollup");
    }
}
