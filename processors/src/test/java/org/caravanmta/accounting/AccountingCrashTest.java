package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.queue.EventLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crash before each single step that changes something, on disk or in the broker: pieces of the header line and of
 * batches, syncs, cuts, and both sides of every commit. Afterwards every record stands in the files once.
 */
@Timeout(120)
class AccountingCrashTest {

    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final AcctFile FILE = AcctFile.of("acct.csv", RecordType.D, RecordType.B);
    private static final FileSession.Pace NOW = new FileSession.Pace(0, 0, () -> true, () -> Records.TIME_MS);

    @TempDir
    Path folder;

    private final TestDisk disk = new TestDisk();
    private InMemoryEventLog log;
    private Path path;
    private int steps;
    private int crashAt;
    private int crashAgainAt;
    private int crashes;

    private void step() {
        steps++;
        if (steps == crashAt || steps == crashAgainAt) {
            crashes++;
            throw new Crash();
        }
    }

    @Test
    void everyRecordOnceWhereverOneCrashFalls() throws Exception {
        int first = 0;
        do {
            play(++first, 0);
        } while (crashes == 1);
        assertThat(first).isGreaterThan(20);
    }

    @Test
    void everyRecordOnceWhereverTwoCrashesFall() throws Exception {
        for (int first = 1; first <= 30; first++)
            for (int second = first + 1; second <= first + 15; second++)
                play(first, second);
    }

    private void play(int first, int second) throws Exception {
        Path run = Files.createDirectory(folder.resolve(first + "-" + second));
        path = run.resolve("acct.csv");
        log = new InMemoryEventLog();
        log.open("r").close();
        steps = 0;
        crashes = 0;
        crashAt = first;
        crashAgainAt = second;
        disk.step = this::step;
        log.beforeCommit = this::step;
        log.afterCommit = this::step;
        for (String name : List.of("a", "b")) {
            log.publish(Records.event('d', name + 1, name + 2));
            log.publish(Records.event('b', name + "\",\r\n\"3"));
            drain();
        }
        Files.move(path, run.resolve("old.csv"));
        log.publish(Records.event('d', "c1"));
        drain();
        List<String> found = new ArrayList<>(Records.recipients(run.resolve("old.csv")));
        assertThat(found).as("%s then %s", first, second).containsExactly("a1", "a2", "a\",\r\n\"3", "b1", "b2",
                "b\",\r\n\"3");
        assertThat(Records.recipients(path)).as("%s then %s", first, second).containsExactly("c1");
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files).hasSize(2);
        }
    }

    /** Crashes, starts again, until nothing waits. */
    private void drain() throws IOException, InterruptedException {
        while (log.waiting("r") > 0) {
            try (EventLog.Reader reader = log.open("r");
                    FileSession session = new FileSession(reader, path,
                            new FinishedFiles(path, FILE.rotation(), ZoneOffset.UTC), FILE, ZoneOffset.UTC,
                            new UnreadableEvents("r", path), NOW, disk)) {
                session.move();
            } catch (Crash e) {
                assertThat(crashes).isPositive();
            }
        }
    }
}
