package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the operator said holds after {@code kill -9}; and SIGHUP. */
@Timeout(120)
class OperateRestartTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path config(Mx mx, String listener) throws Exception {
        return GatewayProcess.config(folder, """
                host-name: gw.test
                smtp-listener: [ "%s:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                virtual-mta:
                  a: { smtp-source-host: [ "127.42.1.1 a.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "%s" ] }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(listener, mx.hop()));
    }

    private static void take(InetSocketAddress to, String recipient, String... header) throws Exception {
        try (SmtpClient client = SmtpClient.connect(to)) {
            assertThat(client.submit(SmtpClient.text(header), recipient)).startsWith("250 ");
        }
    }

    @Test
    void pausesSurviveACrashAndAHangUpReloads() throws Exception {
        Path home = folder.resolve("home");
        try (Mx mx = new Mx("127.42.0.2")) {
            Path config = config(mx, "127.42.0.1");
            try (GatewayProcess first = GatewayProcess.run(config, home)) {
                InetSocketAddress listener = first.awaitReady();
                take(listener, "sent@x.test");
                mx.awaitMail("sent@x.test");
                Cli.done(home, "pause", "q.test/*");
                take(listener, "queue@q.test", "X-Job: spring");
                Cli.done(home, "pause", "--job", "spring");
                take(listener, "job@x.test", "X-Job: spring");
                first.kill();
            }
            try (GatewayProcess second = GatewayProcess.run(config, home)) {
                InetSocketAddress listener = second.awaitReady();
                take(listener, "late@q.test");
                take(listener, "late-job@x.test", "X-Job: spring");
                take(listener, "free@x.test");
                mx.awaitMail("free@x.test");
                assertThat(Cli.done(home, "show", "status")).contains("pause q.test/*", "pause */* job spring");
                assertThat(mx.recipients()).containsExactlyInAnyOrder("sent@x.test", "free@x.test");

                config(mx, "127.42.0.3");
                Programs.run("kill", "-HUP", Long.toString(second.pid()));
                await("the other listener").atMost(Mx.LIMIT)
                        .until(() -> Cli.done(home, "show", "status").contains("127.42.0.3:"));
                GatewayProcess.config(folder, "host-nmae: gw.test\nvirtual-mta: { b: 7 }\n");
                Programs.run("kill", "-HUP", Long.toString(second.pid()));
                await("the problems").atMost(Mx.LIMIT).until(() -> second.text().contains("host-nmae"));
                assertThat(Cli.done(home, "show", "status")).contains("127.42.0.3:");

                Cli.done(home, "resume", "q.test/*");
                mx.awaitMail("late@q.test");
                assertThat(mx.to("queue@q.test")).as("paused by its job too").isEmpty();
                Cli.done(home, "resume", "--job", "spring");
                for (String r : new String[] { "queue@q.test", "job@x.test", "late-job@x.test" })
                    assertThat(mx.awaitMail(r).recipients()).containsExactly(r);
                assertThat(second.stop()).as(second.text()).isZero();
            }
            Books.deliveredOnce(AcctCsv.read(home.resolve("acct.csv")), mx);
            assertThat(LeftBehind.of(home).queued()).isEmpty();
        }
    }
}
