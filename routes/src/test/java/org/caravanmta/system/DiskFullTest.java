package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the queues is filled by somebody else, and emptied again. */
class DiskFullTest {

    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void newMailHears452DeliveriesGoOnAndAllRecoversByItself() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(folder.resolve("disk")), 256);
                Mx busy = new Mx("127.26.0.2", 0, new SinkScript().rcpt("*", "451 4.3.2 not now", 1))) {
            try (LocalGateway gateway = LocalGateway.start(folder.resolve("disk"), """
                    host-name: gw.test
                    smtp-listener: [ "127.26.0.1:0" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                    virtual-mta:
                      a: { smtp-source-host: [ "127.26.1.1 a.gw.test" ] }
                    domain:
                      "*": { smtp-hosts: [ "%s" ], retry-after: [ 5s ] }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    broker: { min-free-space: 64M }
                    """.formatted(busy.hop())); SmtpClient client = SmtpClient.connect(gateway.listener())) {
                List<String> before = IntStream.range(0, 100).mapToObj(i -> "u" + i + "@d" + i % 5 + ".test").toList();
                for (String r : before)
                    assertThat(client.submit(SmtpClient.text(), r)).startsWith("250");
                assertThat(client.begin("late@full.test")).startsWith("354");

                disk.fillTo(32 * MIB);
                await("the refusal").atMost(Mx.LIMIT).until(() -> gateway.gateway().store().refusal() != null);
                assertThat(client.end(SmtpClient.text())).startsWith("452 4.3.1");
                assertThat(client.say("MAIL FROM:<a@b.test>")).startsWith("452 4.3.1");
                assertThat(gateway.recordsWhenDone().stream().filter(AcctCsv.Line::delivered)).hasSize(100);
                gateway.assertConserved(busy);

                disk.empty();
                await("room").atMost(Mx.LIMIT).until(() -> client.say("MAIL FROM:<a@b.test>").startsWith("250"));
                assertThat(client.say("RSET")).startsWith("250");
                assertThat(client.submit(SmtpClient.text(), "after@full.test")).startsWith("250");
                busy.awaitMail("after@full.test");
                gateway.recordsWhenDone();
                gateway.assertConserved(busy);
                assertThat(busy.recipients()).hasSize(101);
            }
        }
    }

    @Test
    void outcomesAndRecordsWaitWhileNothingAtAllCanBeWritten() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(folder.resolve("disk")), 256);
                Mx mx = new Mx("127.26.0.3")) {
            try (LocalGateway gateway = LocalGateway.start(folder.resolve("disk"), """
                    host-name: gw.test
                    smtp-listener: [ "127.26.0.1:0" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                    virtual-mta:
                      a: { smtp-source-host: [ "127.26.1.2 a.gw.test" ] }
                    domain:
                      "*": { smtp-hosts: [ "%s" ], max-smtp-out: 1, max-msg-rate: 5/s }
                    acct-file: { path: acct.csv, records: [ d, b, t ] }
                    broker: { min-free-space: 64M }
                    """.formatted(mx.hop())); SmtpClient client = SmtpClient.connect(gateway.listener())) {
                for (int i = 0; i < 20; i++)
                    assertThat(client.submit(SmtpClient.text(), "u" + i + "@slow.test")).startsWith("250");
                disk.fillTo(0);
                await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().size() == 20);
                assertThat(client.say("MAIL FROM:<a@b.test>")).startsWith("452 4.3.1");
                disk.empty();
                gateway.recordsWhenDone();
                gateway.assertConserved(mx);
                await("room").atMost(Mx.LIMIT).until(() -> client.say("MAIL FROM:<a@b.test>").startsWith("250"));
                assertThat(client.say("RSET")).startsWith("250");
                assertThat(client.submit(SmtpClient.text(), "after@slow.test")).startsWith("250");
                gateway.recordsWhenDone();
                gateway.assertConserved(mx);
            }
        }
    }
}
