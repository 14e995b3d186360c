package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.caravanmta.sink.SinkScript;
import org.caravanmta.sink.SinkVerb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A message that cannot be processed is kept aside with its reason, and its neighbours flow. */
class ParkingTest {

    private static final String LARGE = "Subject: large\r\n\r\n" + "0123456789".repeat(50).concat("\r\n").repeat(1000);
    private static final List<String> ACCEPTED = List.of("before@park.test", "cut@park.test", "after@park.test",
            "whole@park.test");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void aMessageWhoseStoredContentIsCutIsParkedAndNeverLeavesHalf() throws Exception {
        Path home = folder.resolve("home");
        int port;
        try (Mx silent = new Mx("127.29.0.2", 0, new SinkScript().delay(SinkVerb.GREETING, 60_000));
                GatewayProcess first = GatewayProcess.run(config(silent.port()), home);
                SmtpClient client = SmtpClient.connect(first.awaitReady())) {
            port = silent.port();
            for (String r : ACCEPTED)
                assertThat(client.submit(r.matches("(cut|whole).*") ? LARGE : SmtpClient.text(), r)).startsWith("250");
            first.kill();
        }
        cut(home.resolve("broker/large-messages"));
        try (Mx mx = new Mx("127.29.0.2", port, new SinkScript());
                GatewayProcess second = GatewayProcess.run(config(port), home)) {
            second.awaitReady();
            await("the neighbours").atMost(Mx.LIMIT).until(() -> mx.mails().size() == 3);
            await("the alarm").atMost(Mx.LIMIT).until(() -> second.text().contains("is parked"));
            assertThat(mx.awaitMail("whole@park.test").text()).endsWith(LARGE);
            assertThat(second.stop()).as(second.text()).isZero();
            List<AcctCsv.Line> records = AcctCsv.read(home.resolve("acct.csv"));
            LeftBehind left = LeftBehind.of(home);
            assertThat(left.parked()).containsExactly("cut@park.test");
            assertThat(left.reasons()).singleElement().asString().contains("cannot be decoded");
            Books.conserved(ACCEPTED, records, left.queued(), left.parked());
            Books.deliveredOnce(records, mx);
        }
    }

    private Path config(int port) throws IOException {
        return GatewayProcess.config(folder, """
                host-name: gw.test
                smtp-listener: [ "127.29.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                virtual-mta:
                  a: { smtp-source-host: [ "127.29.1.1 a.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "127.29.0.2:%d" ] }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(port));
    }

    /** Takes the second half off the older of the two files. */
    private static void cut(Path largeMessages) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(largeMessages)) {
            files = all.sorted().toList();
        }
        assertThat(files).hasSize(2);
        try (RandomAccessFile older = new RandomAccessFile(files.getFirst().toFile(), "rw")) {
            older.setLength(older.length() / 2);
        }
    }
}
