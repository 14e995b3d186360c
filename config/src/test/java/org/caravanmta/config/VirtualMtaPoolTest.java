package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.config.CaravanConfig.QueueName;
import org.junit.jupiter.api.Test;

class VirtualMtaPoolTest {

    private static final String VIRTUAL_MTAS = """
            virtual-mta:
              a: { smtp-source-host: "192.0.2.1 a.example", domain: { x.example: { max-smtp-out: 1 } } }
              b: { smtp-source-host: "192.0.2.2 b.example" }
            """;

    private static CaravanConfig config(String yaml) {
        ConfigReader.Result r = ConfigReaderTest.read(yaml);
        assertThat(r.problems()).isEmpty();
        return r.config();
    }

    @Test
    void settingsOfAPoolLieBetweenItsMembersAndTheTopLevel() {
        ConfigReader.Result r = ConfigReaderTest.read(VIRTUAL_MTAS + """
                virtual-mta-pool:
                  p: { virtual-mta: [ a, b 3 ], domain: { "*": { max-smtp-out: 2 } } }
                domain: { x.example: { max-smtp-out: 3, max-msg-per-connection: 7 } }
                """);
        assertThat(r.problems()).isEmpty();
        CaravanConfig c = r.config();
        assertThat(c.settings("a", "x.example").maxSmtpOut()).isEqualTo(1);
        assertThat(c.settings("b", "x.example").maxSmtpOut()).isEqualTo(2);
        assertThat(c.settings("b", "x.example").maxMsgPerConnection()).isEqualTo(7);
        assertThat(c.settings("{default}", "x.example").maxSmtpOut()).isEqualTo(3);
        assertThat(c.pools().get("p").members()).hasToString("[a, b 3]");
        assertThat(r.origins().queue("b", "x.example")).filteredOn(v -> v.directive().equals("max-smtp-out"))
                .extracting(v -> v.layer() + " " + v.value()).containsExactly("virtual-mta-pool 2");
        assertThat(r.origins().queue("a", "x.example")).filteredOn(v -> v.directive().equals("max-smtp-out"))
                .extracting(v -> v.layer() + " " + v.value()).containsExactly("virtual-mta 1");
    }

    @Test
    void aPoolHasLimitsOfItsOwn() {
        CaravanConfig c = config(VIRTUAL_MTAS + """
                virtual-mta-pool:
                  p: { virtual-mta: [ a, b ], max-smtp-out: 7, max-smtp-msg-rate: 100/m }
                  q: { virtual-mta: a }
                """);
        assertThat(c.pools().get("p").limits())
                .isEqualTo(new VirtualMta.Limits(7, Rate.parse("100/m"), Rate.UNLIMITED));
        assertThat(c.pools().get("q").limits()).isEqualTo(VirtualMta.Limits.NONE);
    }

    @Test
    void mailIsMovedToOtherQueues() {
        CaravanConfig c = config(VIRTUAL_MTAS + """
                domain:
                  "[*.]x.example": { queue-to: x.example }
                  y.example: { reroute-to-virtual-mta: b }
                  z.example: { queue-to: y.example }
                  w.x.example: { queue-to: "" }
                """);
        assertThat(c.reroute("a", "m.x.example")).isEqualTo(new QueueName("x.example", "a"));
        assertThat(c.reroute("a", "x.example")).isNull();
        assertThat(c.reroute("a", "w.x.example")).isNull();
        assertThat(c.reroute("a", "y.example")).isEqualTo(new QueueName("y.example", "b"));
        assertThat(c.reroute("b", "y.example")).isNull();
        assertThat(c.reroute("a", "z.example")).isEqualTo(new QueueName("y.example", "b"));
    }

    @Test
    void tenThousandVirtualMtasInAThousandPools() {
        StringBuilder yaml = new StringBuilder("virtual-mta:\n");
        for (int i = 0; i < 10_000; i++)
            yaml.append("  v%d: { smtp-source-host: \"10.%d.%d.1 v%d.example\" }\n".formatted(i, i / 250, i % 250, i));
        yaml.append("virtual-mta-pool:\n");
        for (int p = 0; p < 1_000; p++) {
            yaml.append("  p").append(p).append(": { virtual-mta: [ v").append(p * 10);
            for (int m = 1; m < 10; m++)
                yaml.append(", v").append(p * 10 + m);
            yaml.append(" ], domain: { \"*\": { max-smtp-out: 3 } } }\n");
        }
        CaravanConfig c = config(yaml.toString());
        assertThat(c.virtualMtas()).hasSize(10_001);
        assertThat(c.pools()).hasSize(1_000);
    }
}
