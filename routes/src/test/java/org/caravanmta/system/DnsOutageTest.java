package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Every name server is gone: mail waits, the machine is left alone, and goes on soon after one is back. */
@Timeout(180)
class DnsOutageTest {

    private static final int DOMAINS = 100;
    private static final Duration WATCHED = Duration.ofSeconds(6);
    /** Of one core; a loop that asks again and again takes all of one. */
    private static final double MOST_CPU = 0.35;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void mailWaitsAndGoesOnWithinHalfAMinute() throws Exception {
        try (RealDns dns = new RealDns(home.resolve("dns"), "127.49.0").zone("out.test", 30,
                RealDnsTest.zone(DOMAINS) + "mx A 127.49.0.2\nfirst MX 10 mx\n").start();
                Mx mx = new Mx("127.49.0.2")) {
            Path config = GatewayProcess.config(home, """
                    host-name: gw.test
                    smtp-listener: [ "127.49.0.1:0" ]
                    name-server: [ "%s" ]
                    source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                    domain:
                      "*": { default-smtp-port: %d, retry-after: 1h }
                      by-address.test: { smtp-hosts: [ "%s" ] }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    """.formatted(dns.address(), mx.port(), mx.hop()));
            try (GatewayProcess gateway = GatewayProcess.run(config, home.resolve("home"))) {
                InetSocketAddress listener = gateway.awaitReady();
                take(listener, "a@first.out.test");
                mx.awaitMail("a@first.out.test");
                dns.killUnbound();
                List<String> waiting = new ArrayList<>();
                for (int i = 0; i < DOMAINS; i++)
                    for (int n = 0; n < 3; n++)
                        waiting.add("r" + n + "@d" + i + ".out.test");
                for (String rcpt : waiting)
                    take(listener, rcpt);
                await("alarm").atMost(Mx.LIMIT).until(() -> gateway.text().contains("ALARM: no name server answers"));
                assertThat(Cli.done(home.resolve("home"), "show", "status")).contains("(does not answer)");

                take(listener, "a@by-address.test");
                mx.awaitMail("a@by-address.test");
                assertThat(cpuOver(gateway)).as("cores in use").isLessThan(MOST_CPU);
                assertThat(mx.recipients()).hasSize(2);

                dns.startUnbound();
                await("recovery").atMost(Duration.ofSeconds(30)).until(() -> mx.recipients().containsAll(waiting));
                assertThat(mx.recipients()).doesNotHaveDuplicates();
                await("records").atMost(Mx.LIMIT).until(
                        () -> AcctCsv.read(home.resolve("home/acct.csv")).size() == waiting.size() + 2);
                assertThat(AcctCsv.read(home.resolve("home/acct.csv"))).as("no outcome but delivery")
                        .allMatch(AcctCsv.Line::delivered);
                assertThat(gateway.stop()).isZero();
            }
        }
    }

    private static double cpuOver(GatewayProcess gateway) throws InterruptedException {
        Duration before = cpu(gateway);
        long began = System.nanoTime();
        await().pollDelay(WATCHED).atMost(WATCHED.multipliedBy(2)).until(() -> true);
        return (double) cpu(gateway).minus(before).toNanos() / (System.nanoTime() - began);
    }

    private static Duration cpu(GatewayProcess gateway) {
        return ProcessHandle.of(gateway.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    private static void take(InetSocketAddress listener, String recipient) throws Exception {
        try (SmtpClient client = SmtpClient.connect(listener)) {
            assertThat(client.submit(SmtpClient.text(), recipient)).startsWith("250 2.6.0");
        }
    }
}
