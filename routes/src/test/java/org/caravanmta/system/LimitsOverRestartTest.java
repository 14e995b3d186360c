package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Killed and stopped while it sends under limits by time; the receiver counts. */
class LimitsOverRestartTest {

    private static final int LIMIT = 40;
    private static final int BYTES = 12_000;
    private static final long WINDOW_MS = 10_000;
    private static final int MESSAGES = 150;
    private static final List<String> KINDS = List.of("queue", "source", "all", "volume", "job");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void noWindowIsOverrunByKillsAndStopsAndMailGoesOn() throws Exception {
        Path home = folder.resolve("home");
        try (Mx mx = new Mx("127.26.0.2")) {
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.26.0.1:0" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes, process-x-virtual-mta: yes }
                    virtual-mta:
                      queue:
                        smtp-source-host: [ "127.26.1.1 a.gw.test" ]
                        domain: { "*": { max-msg-rate: %1$d/10s } }
                      source:
                        smtp-source-host: [ "127.26.1.2 b.gw.test" ]
                        domain: { "*": { source-ip-max-msg-rate: [ "127.0.0.0/8 %1$d/10s" ] } }
                      all:
                        smtp-source-host: [ "127.26.1.3 c.gw.test" ]
                        max-smtp-msg-rate: %1$d/10s
                      volume:
                        smtp-source-host: [ "127.26.1.4 d.gw.test" ]
                        domain: { "*": { max-data-volume-rate: %2$d/10s } }
                      job: { smtp-source-host: [ "127.26.1.5 e.gw.test" ] }
                    job: { "j*": { max-smtp-msg-rate: %1$d/10s } }
                    domain:
                      "*": { smtp-hosts: [ "%3$s" ], retry-after: [ 1s ] }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    """.formatted(LIMIT, BYTES, mx.hop()));
            try (GatewayProcess killed = GatewayProcess.run(config, home)) {
                submit(killed.awaitReady());
                awaitEach(mx, LIMIT / 2);
                killed.kill();
            }
            try (GatewayProcess stopped = GatewayProcess.run(config, home)) {
                stopped.awaitReady();
                awaitEach(mx, LIMIT + 5);
                assertThat(stopped.stop()).as(stopped.text()).isZero();
                assertThat(stopped.complaints()).noneMatch(line -> line.contains("limits"));
            }
            try (GatewayProcess killed = GatewayProcess.run(config, home)) {
                killed.awaitReady();
                awaitEach(mx, 2 * LIMIT);
                killed.kill();
            }
            try (GatewayProcess last = GatewayProcess.run(config, home)) {
                last.awaitReady();
                awaitEach(mx, 5 * LIMIT / 2);
                assertThat(last.stop()).as(last.text()).isZero();
            }
            for (String kind : KINDS)
                assertThat(most(mx, kind)).as(kind).isLessThanOrEqualTo(kind.equals("volume") ? BYTES : LIMIT);
        }
    }

    private static void submit(InetSocketAddress gateway) throws Exception {
        try (SmtpClient client = SmtpClient.connect(gateway)) {
            for (int i = 0; i < MESSAGES; i++)
                for (String kind : KINDS)
                    assertThat(client.submit(SmtpClient.text("X-Virtual-MTA: " + kind, "X-Job: " + kind)
                            + "x".repeat(200) + "\r\n",
                            "u" + i + "@" + kind + ".test")).startsWith("250");
        }
    }

    private static List<ReceivedMail> of(Mx mx, String kind) {
        return mx.mails().stream().filter(m -> m.recipients().getFirst().endsWith("@" + kind + ".test")).toList();
    }

    private static void awaitEach(Mx mx, int count) {
        await("mail of each kind").atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(KINDS).allSatisfy(
                        kind -> assertThat(of(mx, kind)).as(kind).hasSizeGreaterThanOrEqualTo(count)));
    }

    /** What the fullest window held, by the receiver's clock. */
    private static long most(Mx mx, String kind) {
        List<ReceivedMail> mails = of(mx, kind);
        long most = 0;
        for (ReceivedMail first : mails)
            most = Math.max(most, mails.stream()
                    .filter(m -> m.atMs() >= first.atMs() && m.atMs() < first.atMs() + WINDOW_MS)
                    .mapToLong(m -> kind.equals("volume") ? m.data().length : 1).sum());
        return most;
    }
}
