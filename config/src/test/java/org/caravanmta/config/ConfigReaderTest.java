package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.DomainSettings.NextHop;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {

    static final String EXAMPLE = """
            smtp-listener: [ "127.0.0.1:2525" ]
            source:
              127.0.0.0/8: { always-allow-relaying: true, process-x-virtual-mta: true, default-virtual-mta: mta1 }
            virtual-mta:
              mta1: { smtp-source-host: [ "127.0.1.1 mta1.example.com" ] }
              mta2: { smtp-source-host: [ "127.0.1.2 mta2.example.com", "127.0.1.3 mta2b.example.com" ] }
            domain:
              "*":         { smtp-hosts: [ "127.0.0.2:24600" ], max-smtp-out: 20, max-msg-per-connection: 100, retry-after: [ 10s, 1m, 10m ], bounce-after: 4d12h }
              slow.example: { max-smtp-out: 1, max-msg-rate: 60/min }
            acct-file:
              - { path: acct.csv, records: [ d, b, t ] }
            """;

    static ConfigReader.Result read(String yaml) {
        return ConfigReader.readText("caravan.yaml", yaml, () -> "gw.example.com");
    }

    @Test
    void theExampleWorksAsItStands() throws Exception {
        ConfigReader.Result result = read(EXAMPLE);

        assertThat(result.problems()).isEmpty();
        assertThat(result.warnings()).isEmpty();
        CaravanConfig c = result.config();
        assertThat(c.hostName()).isEqualTo("gw.example.com");
        assertThat(c.smtpListeners()).hasToString("[127.0.0.1:2525]");
        Source loopback = c.sources().of(InetAddress.ofLiteral("127.9.9.9"));
        assertThat(loopback.alwaysAllowRelaying()).isTrue();
        assertThat(loopback.processXVirtualMta()).isTrue();
        assertThat(loopback.defaultVirtualMta()).isEqualTo("mta1");
        assertThat(c.sources().of(InetAddress.ofLiteral("192.0.2.1"))).isSameAs(Source.NOBODY);
        assertThat(c.virtualMtas().keySet()).containsExactly("mta1", "mta2", "{default}");
        assertThat(c.virtualMtas().get("mta2").sourceHosts()).extracting(CaravanConfig.SourceHost::ehloName)
                .containsExactly("mta2.example.com", "mta2b.example.com");
        DomainSettings slow = c.settings("mta1", "slow.example");
        assertThat(slow.maxSmtpOut()).isEqualTo(1);
        assertThat(slow.maxMsgRate()).isEqualTo(new Rate(60, Duration.ofMinutes(1)));
        assertThat(slow.smtpHosts()).isEqualTo(List.of(List.of(new NextHop("127.0.0.2", 24600, false))));
        assertThat(slow.maxMsgPerConnection()).isEqualTo(100);
        assertThat(slow.retryAfter())
                .containsExactly(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10));
        assertThat(c.settings("mta1", "else.example").maxMsgRate().unlimited()).isTrue();
        assertThat(c.settings("mta1", "else.example").maxSmtpOut()).isEqualTo(20);
        assertThat(c.acctFiles()).containsExactly(AcctFile.of("acct.csv", RecordType.D, RecordType.B, RecordType.T));
    }
}
