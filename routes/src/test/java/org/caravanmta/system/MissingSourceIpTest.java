package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Mail leaves from its VirtualMTA's own address, or it waits. */
class MissingSourceIpTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void mailOfAMissingAddressWaitsWithOneAlarmAndOthersLeave() throws Exception {
        Path home = folder.resolve("home");
        List<String> accepted = new ArrayList<>();
        try (Mx mx = new Mx("127.28.0.2")) {
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.28.0.1:0" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes, process-x-virtual-mta: yes }
                    virtual-mta:
                      here: { smtp-source-host: [ "127.28.1.1 here.gw.test" ] }
                      away: { smtp-source-host: [ "203.0.113.1 away.gw.test" ] }
                      half: { smtp-source-host: [ "203.0.113.2 half.gw.test", "127.28.1.2 other.gw.test" ] }
                    domain:
                      "*": { smtp-hosts: [ "%s" ], max-msg-per-connection: 1 }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    """.formatted(mx.hop()));
            try (GatewayProcess gateway = GatewayProcess.run(config, home);
                    SmtpClient client = SmtpClient.connect(gateway.awaitReady())) {
                for (int i = 0; i < 20; i++)
                    for (String v : List.of("away", "half", "here")) {
                        accepted.add(v + i + "@d" + i % 4 + ".test");
                        assertThat(client.submit(SmtpClient.text("X-Virtual-MTA: " + v), accepted.getLast()))
                                .startsWith("250");
                    }
                await("mail of the others").atMost(Mx.LIMIT).until(() -> mx.mails().size() == 40);
                for (ReceivedMail m : mx.mails())
                    assertThat(m.client())
                            .isEqualTo(m.recipients().getFirst().startsWith("half") ? "127.28.1.2" : "127.28.1.1");
                assertThat(gateway.stop()).as(gateway.text()).isZero();
                assertThat(gateway.complaints()).hasSize(2)
                        .anyMatch(l -> l.endsWith(
                                "ALARM: source address 203.0.113.1 of VirtualMTA away is not on this machine; its mail waits"))
                        .anyMatch(l -> l.contains("ALARM: source address 203.0.113.2 of VirtualMTA half"));
            }
            LeftBehind left = LeftBehind.of(home);
            List<AcctCsv.Line> records = AcctCsv.read(home.resolve("acct.csv"));
            assertThat(left.queued()).hasSize(20).allMatch(r -> r.startsWith("away"));
            assertThat(records).hasSize(40);
            Books.conserved(accepted, records, left.queued(), left.parked());
            Books.deliveredOnce(records, mx);
        }
    }
}
