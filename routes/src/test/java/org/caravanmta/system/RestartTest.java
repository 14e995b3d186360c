package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.caravanmta.sink.SinkScript;
import org.caravanmta.sink.SinkVerb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Stop, start again, and two at once. */
class RestartTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path config(String hop) throws IOException {
        return GatewayProcess.config(folder, """
                host-name: gw.test
                smtp-listener: [ "127.22.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: only }
                virtual-mta:
                  only: { smtp-source-host: [ "127.22.1.1 only.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "%s" ], retry-after: [ 1s ], bounce-after: 1h }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(hop));
    }

    private Path home() {
        return folder.resolve("home");
    }

    @Test
    void whatIsQueuedAtTheEndIsDeliveredOnceAfterTheNextStart() throws Exception {
        int port;
        try (Mx closed = new Mx("127.22.0.2")) {
            port = closed.port();
        }
        Path config = config("127.22.0.2:" + port);
        List<String> accepted = IntStream.range(0, 50).mapToObj(i -> "u" + i + "@d" + i % 3 + ".test").toList();
        try (GatewayProcess first = GatewayProcess.run(config, home())) {
            try (SmtpClient client = SmtpClient.connect(first.awaitReady())) {
                for (String r : accepted)
                    assertThat(client.submit(SmtpClient.text(), r)).startsWith("250");
            }
            assertThat(first.stop()).as(first.text()).isZero();
            assertThat(first.output()).last().isEqualTo("stopped");
        }
        LeftBehind left = LeftBehind.of(home());
        Books.conserved(accepted, AcctCsv.read(home().resolve("acct.csv")), left.queued(), left.parked());
        try (Mx mx = new Mx("127.22.0.2", port, new SinkScript());
                GatewayProcess second = GatewayProcess.run(config, home())) {
            await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().size() >= accepted.size());
            assertThat(second.stop()).as(second.text()).isZero();
            assertThat(second.complaints()).isEmpty();
            List<AcctCsv.Line> records = AcctCsv.read(home().resolve("acct.csv"));
            Books.conserved(accepted, records, List.of(), List.of());
            Books.deliveredOnce(records, mx);
        }
        assertThat(LeftBehind.of(home()).queued()).isEmpty();
    }

    @Test
    void aSecondGatewayOnTheSameHomeRefusesToStartAndTouchesNothing() throws Exception {
        try (Mx mx = new Mx("127.22.0.3")) {
            Path config = config(mx.hop());
            try (GatewayProcess first = GatewayProcess.run(config, home())) {
                InetSocketAddress listener = first.awaitReady();
                List<String> before = files(home());
                try (GatewayProcess second = GatewayProcess.run(config, home())) {
                    assertThat(second.awaitExit()).isEqualTo(1);
                    assertThat(second.output()).containsExactly(
                            "caravan: " + home().toRealPath() + " is in use by process " + first.pid());
                }
                assertThat(files(home())).isEqualTo(before);
                try (SmtpClient client = SmtpClient.connect(listener)) {
                    assertThat(client.submit(SmtpClient.text(), "alone@two.test")).startsWith("250");
                }
                mx.awaitMail("alone@two.test");
                assertThat(first.stop()).isZero();
                List<AcctCsv.Line> records = AcctCsv.read(home().resolve("acct.csv"));
                Books.conserved(List.of("alone@two.test"), records, List.of(), List.of());
                Books.deliveredOnce(records, mx);
            }
        }
    }

    @Test
    void anAccountingFileThatIsNotCompleteCannotBeTakenOutOfTheConfiguration() throws Exception {
        try (Mx mx = new Mx("127.22.0.6")) {
            Path config = config(mx.hop());
            String text = Files.readString(config);
            Files.createDirectories(home().resolve("acct.csv")); // in the way: records wait
            try (GatewayProcess first = GatewayProcess.run(config, home());
                    SmtpClient client = SmtpClient.connect(first.awaitReady())) {
                assertThat(client.submit(SmtpClient.text(), "u@books.test")).startsWith("250");
                mx.awaitMail("u@books.test");
                assertThat(first.stop()).as(first.text()).isZero();
            }
            Files.writeString(config, text.replace("path: acct.csv", "path: other.csv"));
            try (GatewayProcess refused = GatewayProcess.run(config, home())) {
                assertThat(refused.awaitExit()).isEqualTo(1);
                assertThat(refused.output()).last().asString()
                        .startsWith("caravan: records of the accounting file acct.csv are not written yet");
            }
            Files.delete(home().resolve("acct.csv"));
            Files.writeString(config, text);
            try (GatewayProcess complete = GatewayProcess.run(config, home())) {
                complete.awaitReady();
                await("the record").atMost(Mx.LIMIT).until(() -> !AcctCsv.read(home().resolve("acct.csv")).isEmpty());
                assertThat(complete.stop()).isZero();
            }
            Files.writeString(config, text.replace("path: acct.csv", "path: other.csv"));
            try (GatewayProcess changed = GatewayProcess.run(config, home())) {
                changed.awaitReady();
                assertThat(changed.stop()).isZero();
            }
            Books.conserved(List.of("u@books.test"), AcctCsv.read(home().resolve("acct.csv")), List.of(), List.of());
        }
    }

    @Test
    void nobodyWaitsAtTheEndForAReceiverThatDoesNotAnswer() throws Exception {
        SinkScript silent = new SinkScript().delay(SinkVerb.GREETING, 60_000);
        try (Mx mx = new Mx("127.22.0.5", 0, silent);
                GatewayProcess gateway = GatewayProcess.run(config(mx.hop()), home());
                SmtpClient client = SmtpClient.connect(gateway.awaitReady())) {
            assertThat(client.submit(SmtpClient.text(), "waits@silent.test")).startsWith("250");
            await("a connection").atMost(Mx.LIMIT).until(() -> mx.connections() > 0);
            long began = System.nanoTime();
            assertThat(gateway.stop()).as(gateway.text()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        }
        assertThat(LeftBehind.of(home()).queued()).containsExactly("waits@silent.test");
    }

    /** Name, length and time of last change of every file. */
    private static List<String> files(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(Files::isRegularFile).map(f -> f + " " + f.toFile().length() + " "
                    + f.toFile().lastModified()).sorted().toList();
        }
    }

    @Test
    void whoIsIdleAtTheEndHears421AndWhoIsInDataFinishes() throws Exception {
        SinkScript slow = new SinkScript().delay(SinkVerb.END, 1500);
        try (Mx mx = new Mx("127.22.0.4", 0, slow);
                GatewayProcess gateway = GatewayProcess.run(config(mx.hop()), home())) {
            InetSocketAddress listener = gateway.awaitReady();
            try (SmtpClient idle = SmtpClient.connect(listener); SmtpClient busy = SmtpClient.connect(listener)) {
                assertThat(idle.submit(SmtpClient.text(), "sending@end.test")).startsWith("250");
                await("a delivery").atMost(Mx.LIMIT).until(() -> !mx.mails().isEmpty());
                assertThat(busy.begin("indata@end.test")).startsWith("354");
                busy.write("Subject: half\r\n");
                long began = System.nanoTime();
                gateway.terminate();
                assertThat(idle.read()).startsWith("421 4.3.2");
                assertThat(busy.end("\r\nThe rest.\r\n")).startsWith("250 2.6.0");
                assertThat(busy.read()).startsWith("421 4.3.2");
                assertThat(gateway.awaitExit()).as(gateway.text()).isZero();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            }
            assertThat(gateway.complaints()).isEmpty();
            List<AcctCsv.Line> records = AcctCsv.read(home().resolve("acct.csv"));
            LeftBehind left = LeftBehind.of(home());
            Books.conserved(List.of("sending@end.test", "indata@end.test"), records, left.queued(), left.parked());
            Books.deliveredOnce(records, mx);
            assertThat(records).extracting(AcctCsv.Line::rcpt).contains("sending@end.test");
        }
    }
}
