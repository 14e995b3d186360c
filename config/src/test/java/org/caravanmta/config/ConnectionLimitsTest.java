package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

import org.caravanmta.config.CaravanConfig.IpLimit;
import org.caravanmta.config.CaravanConfig.MxLimit;
import org.caravanmta.config.DomainPattern.Scope;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

    private static ConfigReader.Result read(String text) {
        return ConfigReader.readText("caravan.yaml", text, () -> "gw.example.com");
    }

    @Test
    void limitsAboveAVirtualMta() {
        CaravanConfig c = read("""
                total-max-smtp-out: 50
                mx-connection-limit: [ "*.mx.example.com 20", "one.example 2" ]
                ip-connection-limit: [ "10/8 5" ]
                """).config();
        assertThat(c.smtpOut().totalMaxSmtpOut()).isEqualTo(50);
        assertThat(c.smtpOut().toMx()).containsExactly(
                new MxLimit(new DomainPattern(Scope.BELOW, "mx.example.com"), 20),
                new MxLimit(new DomainPattern(Scope.EXACT, "one.example"), 2));
        assertThat(c.smtpOut().toIp()).containsExactly(new IpLimit(Cidr.parse("10.0.0.0/8"), 5));
        assertThat(read("host-name: a.b").config().smtpOut().totalMaxSmtpOut()).isEqualTo(1200);
    }

    @Test
    void limitsOfAVirtualMtaAndOfItsSources() {
        CaravanConfig c = read("""
                virtual-mta:
                  m: { smtp-source-host: [ "10.0.0.1 a.example" ], max-smtp-out: 7, max-smtp-msg-rate: 5/s,
                       max-smtp-data-volume-rate: 1M/h }
                domain:
                  "*": { source-ip-max-msg-rate: [ "0/0 100/h", "10.0.0.1 50/h" ], source-ip-max-smtp-out: 10/8 3 }
                """).config();
        assertThat(c.virtualMtas().get("m").limits()).isEqualTo(new VirtualMta.Limits(7,
                new Rate(5, Duration.ofSeconds(1)), new Rate(1 << 20, Duration.ofHours(1))));
        DomainSettings.SourceLimits s = c.settings("m", "x.example").limits().perSource();
        Rate none = Rate.UNLIMITED;
        assertThat(SourceValue.of(s.maxMsgRate(), InetAddress.ofLiteral("10.0.0.1"), none))
                .isEqualTo(Rate.parse("50/h"));
        assertThat(SourceValue.of(s.maxMsgRate(), InetAddress.ofLiteral("10.0.0.2"), none))
                .isEqualTo(Rate.parse("100/h"));
        assertThat(SourceValue.of(s.maxSmtpOut(), InetAddress.ofLiteral("192.0.2.1"), 99)).isEqualTo(99);
    }

    @Test
    void whatIsWrongIsSaid() {
        for (String wrong : List.of("mx-connection-limit: [ example.com ]", "mx-connection-limit: [ \"a.*.b 3\" ]",
                "ip-connection-limit: [ \"10/8 0\" ]", "ip-connection-limit: [ \"10/8 1\", \"10.0.0.0/8 2\" ]",
                "domain: { \"*\": { source-ip-max-msg-rate: [ 100/h ] } }"))
            assertThat(read(wrong).problems()).as(wrong).hasSize(1);
    }
}
