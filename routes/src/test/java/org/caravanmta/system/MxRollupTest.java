package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Domains that share their mail hosts share a queue, from DNS to the accounting record, and after a restart. */
class MxRollupTest {

    private static final String SHARED = "mx.shared.test.rollup/{default}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void domainsWithTheSameMailHostsShareAQueue() throws Exception {
        try (NameServer dns = new NameServer("127.26.0.53");
                Mx mx = new Mx("127.26.0.2");
                Mx other = new Mx("127.26.0.3", mx.port(), new SinkScript())) {
            for (String domain : List.of("a.test", "b.test", "own.test"))
                dns.add(domain, "MX", "10 mx.shared.test.");
            dns.add("mx.shared.test", "A", "127.26.0.2").add("google.test", "MX", "5 mx7.listed.test.")
                    .add("mx7.listed.test", "A", "127.26.0.3");
            String yaml = """
                    host-name: gw.test
                    smtp-listener: [ "127.26.0.1:0" ]
                    name-server: [ "%s" ]
                    source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                    mx-rollup-list: [ "mx mx7.listed.test listed.rollup" ]
                    domain:
                      "*": { default-smtp-port: %d, max-smtp-out: 2, retry-after: [ 1s ] }
                      own.test: { disable-mx-rollup: yes }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    """.formatted(dns.address(), mx.port());
            for (int run = 1; run <= 2; run++)
                try (LocalGateway gateway = LocalGateway.start(home, yaml)) {
                    for (String domain : List.of("a.test", "b.test", "own.test", "google.test", "none.test"))
                        gateway.take(SmtpClient.text(), "r" + run + "@" + domain);
                    assertThat(queue(gateway, "r" + run + "@a.test")).isEqualTo(SHARED);
                    assertThat(queue(gateway, "r" + run + "@b.test")).isEqualTo(SHARED);
                    assertThat(queue(gateway, "r" + run + "@own.test")).isEqualTo("own.test/{default}");
                    assertThat(queue(gateway, "r" + run + "@google.test")).isEqualTo("listed.rollup/{default}");
                    assertThat(queue(gateway, "r" + run + "@none.test")).isEqualTo("none.test/{default}");
                    assertThat(mx.recipients()).hasSize(3 * run);
                    assertThat(other.recipients()).hasSize(run);
                    if (run == 1)
                        gateway.assertConserved(mx, other);
                }
        }
    }

    private static String queue(LocalGateway gateway, String recipient) throws Exception {
        return gateway.records(recipient).getFirst().get("queue");
    }
}
