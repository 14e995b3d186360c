package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.caravanmta.sink.SinkScript;
import org.caravanmta.sink.SinkVerb;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A crash of the machine leaves a record of the journal half written: what was synced before it is all there. */
class TornJournalTest {

    private static final int HEADER_BYTES = 16;
    private static final int MESSAGES = 30;

    enum Damage {
        /** The beginning of a record that was never finished, behind the last one. */
        GARBAGE_BEHIND,
        /** The file ends with its last record: the zeros behind it never reached the disk. */
        CUT_BEHIND,
        /** The last record is incomplete. */
        LAST_RECORD_TORN
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @EnumSource
    void whatWasSyncedBeforeIsDelivered(Damage damage) throws Exception {
        Path home = folder.resolve("home");
        List<String> accepted = new ArrayList<>();
        int port;
        try (Mx silent = new Mx("127.30.0.2", 0, new SinkScript().delay(SinkVerb.GREETING, 60_000));
                GatewayProcess first = GatewayProcess.run(config(silent.port()), home);
                SmtpClient client = SmtpClient.connect(first.awaitReady())) {
            port = silent.port();
            for (int i = 0; i < MESSAGES; i++) {
                accepted.add("u" + i + "@torn.test");
                assertThat(client.submit(SmtpClient.text(), accepted.getLast())).startsWith("250");
            }
            first.kill();
        }
        damage(newestJournalFile(home.resolve("broker/journal")), damage);
        if (damage == Damage.LAST_RECORD_TORN)
            accepted.removeLast();
        try (Mx mx = new Mx("127.30.0.2", port, new SinkScript());
                GatewayProcess second = GatewayProcess.run(config(port), home)) {
            second.awaitReady();
            await("all mail").atMost(Mx.LIMIT).until(() -> Set.copyOf(mx.recipients()).containsAll(accepted));
            assertThat(second.stop()).as(second.text()).isZero();
            assertThat(second.complaints()).singleElement().asString().contains("did not end cleanly", "recovered");
            List<AcctCsv.Line> records = AcctCsv.read(home.resolve("acct.csv"));
            LeftBehind left = LeftBehind.of(home);
            Books.conserved(accepted, records, left.queued(), left.parked());
            Books.deliveredOnce(records, mx);
        }
    }

    private Path config(int port) throws IOException {
        return GatewayProcess.config(folder, """
                host-name: gw.test
                smtp-listener: [ "127.30.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                virtual-mta:
                  a: { smtp-source-host: [ "127.30.1.1 a.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "127.30.0.2:%d" ] }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(port));
    }

    private static void damage(Path journal, Damage damage) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
            long end = written(journal);
            switch (damage) {
                case GARBAGE_BEHIND -> {
                    byte[] garbage = new byte[300];
                    new Random(end).nextBytes(garbage);
                    file.seek(end);
                    file.write(garbage);
                }
                case CUT_BEHIND -> file.setLength(end);
                case LAST_RECORD_TORN -> {
                    file.seek(end - 40);
                    file.write(new byte[40]);
                }
            }
        }
    }

    /** The file that was written to last; prepared ones hold nothing but a header. */
    private static Path newestJournalFile(Path journal) throws IOException {
        Path newest = null;
        try (Stream<Path> all = Files.list(journal)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".amq")).toList())
                if (written(file) > HEADER_BYTES
                        && (newest == null
                                || Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(newest)) > 0))
                    newest = file;
        }
        return newest;
    }

    /** Where the zeros begin that end the file. */
    private static long written(Path journal) throws IOException {
        byte[] bytes = Files.readAllBytes(journal);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0)
            end--;
        return end;
    }
}
