package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A hundred reloads under load, one in ten bad: nothing is lost and no limit is over-run. */
@Timeout(120)
class ReloadTest {

    private static final int RELOADS = 100;
    private static final int BAD_EVERY = 10;
    private static final int SESSIONS = 2;
    /** Mails that come between two reloads. */
    private static final int BETWEEN = 15;
    private static final int MOST_PER_SECOND = 30;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    /** Limits, source addresses, names, listeners and VirtualMTAs change, each in its own rhythm. */
    private static String yaml(Mx mx, int i, boolean limited) {
        return """
                host-name: gw%d.test
                smtp-listener: [ "127.43.0.1:0"%s ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a, pattern-list: part }
                virtual-mta:
                  a: { smtp-source-host: [ "127.43.1.%d a.gw.test" ] }
                  b: { smtp-source-host: [ "127.43.1.9 b.gw.test" ] }
                %s
                pattern-list:
                  part: [ 'rcpt-to /@d3\\.test$/ virtual-mta=b' ]
                domain:
                  "*": { smtp-hosts: [ "%s" ], max-smtp-out: %d }
                  %s
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(i % 2, i % 3 == 0 ? ", \"127.43.0.3:0\"" : "", 1 + i % 4,
                i % 5 == 0 ? "  c: { smtp-source-host: [ \"127.43.1.8 c.gw.test\" ] }" : "", mx.hop(), 2 + i % 7,
                limited ? "d1.test: { max-msg-rate: %d/s }"
                        .formatted(i % 2 == 0 ? MOST_PER_SECOND : MOST_PER_SECOND / 2)
                        : "");
    }

    private static String bad(Mx mx, int i) {
        return yaml(mx, i, true).replace("max-smtp-out: ", "max-smtp-uot: ").replace("/s }", "/fortnight }");
    }

    @Test
    void aHundredReloadsLoseNothingAndOverRunNothing() throws Exception {
        try (Mx mx = new Mx("127.43.0.2");
                LocalGateway gateway = LocalGateway.operated(home, yaml(mx, 0, true));
                Load load = new Load(SESSIONS)) {
            load.to(gateway.listener());
            for (int i = 1; i <= RELOADS; i++) {
                int enough = mx.mails().size() + BETWEEN;
                await("mail after reload " + i).atMost(Mx.LIMIT).pollInterval(Duration.ofMillis(5))
                        .until(() -> mx.mails().size() >= enough);
                if (i % BAD_EVERY == 0) {
                    String now = gateway.gateway().config().hostName();
                    gateway.write(bad(mx, i));
                    assertThat(Cli.refused(home, "reload")).contains("max-smtp-uot", "fortnight");
                    assertThat(gateway.gateway().config().hostName()).isEqualTo(now);
                } else {
                    gateway.write(yaml(mx, i, true));
                    assertThat(Cli.done(home, "reload")).startsWith("reloaded");
                    assertThat(gateway.gateway().config().hostName()).isEqualTo("gw" + i % 2 + ".test");
                }
            }
            load.stop();
            List<Long> limited = times(mx.mails());
            gateway.write(yaml(mx, 0, false));
            Cli.done(home, "reload");
            await("all of it").atMost(Mx.LIMIT).until(() -> mx.recipients().size() >= load.accepted().size());
            assertThat(mx.recipients()).containsExactlyInAnyOrderElementsOf(load.accepted());
            assertThat(load.inDoubt()).isEmpty();
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
            assertThat(limited).as("mails under a limit").hasSizeGreaterThan(MOST_PER_SECOND);
            assertThat(mostWithinASecond(limited)).as("in a second, by the receiver's clock")
                    .isLessThanOrEqualTo(MOST_PER_SECOND);
        }
    }

    private static List<Long> times(List<ReceivedMail> mails) {
        return mails.stream().filter(m -> m.recipients().getFirst().endsWith("@d1.test")).map(ReceivedMail::atMs)
                .sorted().toList();
    }

    private static int mostWithinASecond(List<Long> times) {
        int most = 0;
        for (int from = 0, to = 0; to < times.size(); to++) {
            while (times.get(to) - times.get(from) >= 1000)
                from++;
            most = Math.max(most, to - from + 1);
        }
        return most;
    }
}
