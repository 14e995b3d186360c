package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFile.Rotation;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.queue.EventLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RotationTest {

    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final Rotation HOURLY = new Rotation(null, Duration.ofHours(1), 1 << 20, Duration.ofDays(2), false,
            true,
            null);

    @TempDir
    Path folder;

    private final LogLines logged = new LogLines();
    private final TestDisk disk = new TestDisk();
    private final InMemoryEventLog log = new InMemoryEventLog();
    private FinishedFiles finished;
    private AcctFile finishedOf;
    private long nowMs = Records.TIME_MS;
    private AcctFile file = Records.with("acct.csv", HOURLY);

    @AfterEach
    void silence() {
        logged.close();
    }

    private void drain() throws IOException, InterruptedException {
        log.open("r").close();
        Path path = folder.resolve(file.path());
        if (!file.equals(finishedOf))
            finished = new FinishedFiles(path, file.rotation(), ZoneOffset.UTC);
        finishedOf = file;
        for (boolean more = true; more;)
            try (EventLog.Reader reader = log.open("r");
                    FileSession session = new FileSession(reader, path, finished, file, ZoneOffset.UTC,
                            new UnreadableEvents("r", path),
                            new FileSession.Pace(0, 0, () -> true, () -> nowMs), disk)) {
                while (more)
                    more = session.move() >= 0;
            } catch (AccountingFile.Finished | Crash e) {
                more = true;
            }
    }

    private void publish(String... recipients) throws IOException, InterruptedException {
        log.open("r").close();
        log.publish(Records.event('d', recipients));
        drain();
    }

    private List<String> names(Path of) throws IOException {
        try (Stream<Path> all = Files.list(of)) {
            return all.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void timeFinishesAFileUnderTheDayItBegan() throws Exception {
        publish("a");
        nowMs += Duration.ofHours(7).toMillis();
        publish("b");
        nowMs += Duration.ofMinutes(59).toMillis();
        publish("c");
        nowMs += Duration.ofMinutes(1).toMillis();
        drain();
        assertThat(names(folder)).containsExactly("acct-2016-08-01-0001.csv", "acct-2016-08-02-0001.csv", "acct.csv");
        assertThat(Records.recipients(folder.resolve("acct-2016-08-01-0001.csv"))).containsExactly("a");
        assertThat(Records.recipients(folder.resolve("acct-2016-08-02-0001.csv"))).containsExactly("b", "c");
        assertThat(Records.recipients(folder.resolve("acct.csv"))).isEmpty();
    }

    @Test
    void anEmptyFileIsNeverFinished() throws Exception {
        drain();
        nowMs += Duration.ofDays(30).toMillis();
        drain();
        assertThat(names(folder)).containsExactly("acct.csv");
    }

    @Test
    void sizeFinishesItToo() throws Exception {
        publish("a".repeat(1 << 20));
        publish("b");
        publish("c".repeat(1 << 20), "d");
        publish("e");
        assertThat(names(folder)).containsExactly("acct-2016-08-01-0001.csv", "acct-2016-08-01-0002.csv", "acct.csv");
        assertThat(Records.recipients(folder.resolve("acct-2016-08-01-0002.csv"))).hasSize(3);
        assertThat(Records.recipients(folder.resolve("acct.csv"))).containsExactly("e");
    }

    @Test
    void aNumberIsNeverUsedAgainThoughItsFileIsGone() throws Exception {
        for (String r : List.of("a", "b", "c")) {
            publish(r);
            nowMs += Duration.ofHours(1).toMillis();
            drain();
            Files.deleteIfExists(folder.resolve("acct-2016-08-01-0001.csv"));
        }
        assertThat(names(folder)).containsExactly("acct-2016-08-01-0002.csv", "acct-2016-08-01-0003.csv", "acct.csv");
    }

    @Test
    void finishedFilesAreMovedAndWhatCannotBeMovedIsMovedLater() throws Exception {
        file = Records.with("acct.csv", new Rotation("done", Duration.ofHours(1), 1 << 20, null, false, true, null));
        Files.writeString(folder.resolve("done"), "in the way");
        publish("a");
        nowMs += Duration.ofHours(1).toMillis();
        publish("b");
        assertThat(names(folder)).contains("acct-2016-08-01-0001.csv");
        assertThat(logged.with("ALARM")).hasSize(1).first().asString().contains("cannot be moved");
        Files.delete(folder.resolve("done"));
        nowMs += Duration.ofHours(1).toMillis();
        drain();
        assertThat(names(folder)).containsExactly("acct.csv");
        assertThat(names(folder.resolve("done"))).containsExactly("acct-2016-08-01-0001.csv",
                "acct-2016-08-01-0002.csv");
    }

    @Test
    void oldFinishedFilesAreDeletedAndNothingElseIs() throws Exception {
        for (String name : List.of("acct-2016-07-01-0001.csv", "acct-2016-07-31-0001.csv", "acct-notes.csv",
                "other.csv"))
            Files.setLastModifiedTime(Files.writeString(folder.resolve(name), "x"),
                    FileTime.fromMillis(nowMs - Duration.ofDays(name.contains("07-31") ? 1 : 30).toMillis()));
        publish("a");
        nowMs += Duration.ofHours(1).toMillis();
        drain();
        assertThat(names(folder)).containsExactly("acct-2016-07-31-0001.csv", "acct-2016-08-01-0001.csv",
                "acct-notes.csv", "acct.csv", "other.csv");
    }

    @Test
    void otherColumnsBeginAnotherFile() throws Exception {
        publish("a");
        file = AcctFile.of("acct.csv", RecordType.D, RecordType.R);
        publish("b");
        assertThat(names(folder)).containsExactly("acct-2016-08-01-0001.csv", "acct.csv");
        assertThat(Records.recipients(folder.resolve("acct-2016-08-01-0001.csv"))).containsExactly("a");
        assertThat(Files.readString(folder.resolve("acct.csv"))).contains("rcvSourceIp").contains(",b,");
    }

    @Test
    void anotherFormatBeginsAnotherFileToo() throws Exception {
        publish("a");
        AcctFile f = file;
        file = new AcctFile(f.path(), AcctFormat.JSON, f.records(), f.fields(), null, true, true, f.filter(),
                f.privacy(),
                f.rotation(), f.pipe(), null);
        publish("b");
        assertThat(Records.recipients(folder.resolve("acct-2016-08-01-0001.csv"))).containsExactly("a");
        assertThat(Files.readString(folder.resolve("acct.csv"))).startsWith("{").contains("\"rcpt\":\"b\"")
                .hasLineCount(1);
    }

    @Test
    void aFinishedXmlFileHasItsEnd() throws Exception {
        file = Records.with("acct.xml", HOURLY);
        publish("a");
        nowMs += Duration.ofHours(1).toMillis();
        publish("b");
        assertThat(Files.readString(folder.resolve("acct-2016-08-01-0001.xml"))).endsWith("</record>\n</accounting>\n");
        assertThat(Files.readString(folder.resolve("acct.xml"))).endsWith("</record>\n");
    }

    /** Of XML, since it is given an end before its name. */
    @Test
    void everyRecordOnceWhereverACrashFalls() throws Exception {
        for (int at = 1, crashes = 1; crashes > 0; at++) {
            Path run = Files.createDirectory(folder.resolve("run-" + at));
            file = Records.with(run + "/acct.xml", HOURLY);
            int[] left = { at };
            Runnable step = () -> {
                if (--left[0] == 0)
                    throw new Crash();
            };
            log.drop("r");
            log.beforeCommit = step;
            log.afterCommit = step;
            disk.step = step;
            nowMs = Records.TIME_MS;
            drain();
            for (String r : List.of("first@x", "second@x", "third@x")) {
                publish(r);
                nowMs += Duration.ofHours(1).toMillis();
                drain();
            }
            List<String> found = new ArrayList<>();
            for (String name : names(run))
                for (String part : Files.readString(run.resolve(name)).split("<rcpt>"))
                    if (part.contains("</rcpt>"))
                        found.add(part.substring(0, part.indexOf('<')));
            assertThat(found).as("crash at %s", at).containsExactly("first@x", "second@x", "third@x");
            assertThat(names(run)).as("crash at %s", at).hasSize(4);
            crashes = left[0] <= 0 ? 1 : 0;
        }
    }
}
