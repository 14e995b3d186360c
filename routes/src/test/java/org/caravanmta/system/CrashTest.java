package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.caravanmta.sink.ReceivedMail;
import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} under load, again and again: what heard 250 arrives, and has one final record. */
class CrashTest {

    private static final int KILLS = 10;
    private static final int SESSIONS = 4;
    private static final int CONNECTIONS = 8;
    /** On average, after a kill; each connection may have one message under way and one not yet settled. */
    private static final int REPEATED_PER_KILL = 2 * CONNECTIONS;
    /** What was delivered longer than this before a kill is settled on the disk and never comes again. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(1);
    /** What was on its way into the receiver's socket at a kill is still read after it, long before the next start. */
    private static final Duration IN_SOCKET = Duration.ofMillis(500);
    private static final long SEED = 20261124;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;
    private final List<Long> kills = new ArrayList<>();

    @Test
    void tenKillsLoseNothingAndRepeatOnlyWhatWasInFlight() throws Exception {
        Path home = folder.resolve("home");
        Random random = new Random(SEED);
        SinkScript script = new SinkScript().rcpt("*@d3.test", "451 4.7.1 come back later", 1);
        try (Mx mx = new Mx("127.23.0.2", 0, script); Load load = new Load(SESSIONS)) {
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.23.0.1:0" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: only }
                    virtual-mta:
                      only: { smtp-source-host: [ "127.23.1.1 only.gw.test" ] }
                    domain:
                      "*": { smtp-hosts: [ "%s" ], max-smtp-out: %d, retry-after: [ 1s ] }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    """.formatted(mx.hop(), CONNECTIONS / 4));
            for (int i = 0; i < KILLS; i++)
                try (GatewayProcess gateway = GatewayProcess.run(config, home)) {
                    load.to(gateway.awaitReady());
                    int enough = load.accepted().size() + 50 + random.nextInt(400);
                    await("load").atMost(Mx.LIMIT).pollInterval(Duration.ofMillis(5))
                            .until(() -> load.accepted().size() >= enough);
                    kills.add(System.currentTimeMillis());
                    gateway.kill();
                    load.to(null);
                }
            try (GatewayProcess last = GatewayProcess.run(config, home)) {
                load.to(last.awaitReady());
                load.stop();
                await("every accepted message").atMost(Mx.LIMIT)
                        .until(() -> Set.copyOf(mx.recipients()).containsAll(load.accepted()));
                assertThat(last.stop()).as(last.text()).isZero();
            }
            check(load, mx, AcctCsv.read(home.resolve("acct.csv")), LeftBehind.of(home));
        }
    }

    private void check(Load load, Mx mx, List<AcctCsv.Line> records, LeftBehind left) {
        Set<String> stored = new HashSet<>(mx.recipients());
        assertThat(stored).as("delivered").containsAll(load.accepted());
        stored.addAll(left.queued());
        Books.conserved(stored, records, left.queued(), left.parked());
        stored.removeAll(load.accepted());
        assertThat(load.inDoubt()).as("taken without a 250").containsAll(stored);
        Map<String, List<Long>> arrivals = new HashMap<>();
        for (ReceivedMail mail : mx.mails()) {
            assertThat(mail.text().endsWith(Load.text(mail.recipients().getFirst()))).as("whole").isTrue();
            for (String recipient : mail.recipients())
                arrivals.computeIfAbsent(recipient, r -> new ArrayList<>()).add(mail.atMs());
        }
        arrivals.values().removeIf(times -> times.size() == 1);
        arrivals.forEach((recipient, times) -> {
            for (long at : times.subList(0, times.size() - 1))
                assertThat(kills).as(recipient + " came again though no kill was near, at " + times)
                        .anyMatch(kill -> at > kill - IN_FLIGHT.toMillis() && at < kill + IN_SOCKET.toMillis());
        });
        System.out.println(load.accepted().size() + " recipients accepted, " + load.inDoubt().size() + " in doubt, "
                + arrivals.size() + " delivered again");
        assertThat(arrivals.size()).as("delivered again").isLessThanOrEqualTo(KILLS * REPEATED_PER_KILL);
    }
}
