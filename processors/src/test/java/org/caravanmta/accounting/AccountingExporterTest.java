package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccountingExporterTest {

    private static final AcctFile ALL = Records.ALL;

    @TempDir
    Path home;

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final TestDisk disk = new TestDisk();
    private final LogLines logged = new LogLines();
    private final List<AccountingExporter> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(AccountingExporter::close);
        logged.close();
    }

    private AccountingExporter start(AcctFile config) {
        AccountingExporter exporter = new AccountingExporter(log, config, home, ZoneOffset.UTC, disk, 5);
        open.add(exporter);
        exporter.start();
        return exporter;
    }

    private void written(AcctFile file) {
        await().until(() -> log.waiting(AccountingExporter.readerName(file)) == 0);
    }

    private List<String> recipients(String name) throws IOException {
        return Records.recipients(home.resolve(name));
    }

    @Test
    void severalFilesEachTakeTheirRecords() throws IOException {
        List<AcctFile> files = List.of(ALL, AcctFile.of("log/final.csv", RecordType.D, RecordType.B),
                AcctFile.of("later.csv", RecordType.T), AcctFile.of("none.csv", RecordType.R));
        files.forEach(this::start);
        for (char type : "dbtq".toCharArray())
            log.publish(Records.event(type, type + "1", type + "2"));
        files.forEach(this::written);
        open.forEach(AccountingExporter::close);
        assertThat(recipients("acct.csv")).containsExactly("d1", "d2", "b1", "b2", "t1", "t2");
        assertThat(recipients("log/final.csv")).containsExactly("d1", "d2", "b1", "b2");
        assertThat(recipients("later.csv")).containsExactly("t1", "t2");
        assertThat(Files.readAllLines(home.resolve("none.csv"))).hasSize(1);
        assertThat(open).extracting(AccountingExporter::written).containsExactly(6L, 4L, 2L, 0L);
    }

    @Test
    void whatWaitsIsWrittenBeforeItCloses() throws IOException {
        AccountingExporter exporter = start(ALL);
        for (int i = 0; i < 2500; i++)
            log.publish(Records.event('d', "user" + i));
        exporter.close();
        assertThat(recipients("acct.csv")).hasSize(2500).doesNotHaveDuplicates().startsWith("user0", "user1");
        start(ALL).close();
        assertThat(recipients("acct.csv")).hasSize(2500);
    }

    @Test
    void anUnreadableEventIsSetAsideAndItsNeighboursFlow() throws IOException {
        log.open(AccountingExporter.readerName(ALL)).close();
        log.publish(Records.event('d', "before"));
        log.publish(new byte[] { 1, 0, 0, 0, 1, 's', 'e', 'c', 'r', 'e', 't' });
        log.publish(new byte[0]);
        log.publish(Records.event('d', "after"));
        AccountingExporter exporter = start(ALL);
        written(ALL);
        log.publish(Records.event('d', "later"));
        written(ALL);
        exporter.close();
        assertThat(recipients("acct.csv")).containsExactly("before", "after", "later");
        assertThat(exporter.unreadable()).isEqualTo(2);
        assertThat(logged.with("ALARM")).hasSize(2).first().asString()
                .startsWith("ERROR ALARM: event 2 of accounting reader acct-acct_2e_csv since the start cannot be read")
                .doesNotContain("secret").doesNotContain("736563");
        assertThat(Files.readAllLines(home.resolve("acct.csv.unreadable"))).hasSize(2).first().asString()
                .endsWith("reader=acct-acct_2e_csv event=2 bytes=0100000001736563726574");
    }

    @Test
    void aFullDiskMakesItWaitAndNothingIsLost() throws IOException {
        start(ALL);
        log.publish(Records.event('d', "one"));
        written(ALL);
        disk.room.set(100);
        log.publish(new byte[] { 7 });
        log.publish(Records.event('d', "two"));
        log.publish(Records.event('b', "three"));
        await().until(() -> disk.refused.get() > 3);
        assertThat(recipients("acct.csv").getFirst()).isEqualTo("one");
        disk.room.set(TestDisk.MUCH);
        written(ALL);
        await().until(() -> !logged.with("can be written again").isEmpty());
        assertThat(recipients("acct.csv")).containsExactly("one", "two", "three");
        assertThat(logged.with("No space left on device")).hasSize(1);
        assertThat(logged.with("cannot be read")).hasSize(1);
        assertThat(Files.readAllLines(home.resolve("acct.csv.unreadable"))).hasSize(1);
    }

    @Test
    void aDiskThatIsFullFromTheBeginningMakesItWaitToo() throws IOException {
        disk.room.set(10);
        start(ALL);
        log.publish(Records.event('d', "one"));
        await().until(() -> disk.refused.get() > 3);
        disk.room.set(TestDisk.MUCH);
        written(ALL);
        assertThat(recipients("acct.csv")).containsExactly("one");
    }

    @Test
    void aFolderThatCannotBeMadeIsRetried() throws IOException {
        AcctFile file = AcctFile.of("log/acct.csv", RecordType.D);
        Files.writeString(home.resolve("log"), "in the way");
        start(file);
        log.publish(Records.event('d', "one"));
        await().until(() -> !logged.with("ALARM").isEmpty());
        Files.delete(home.resolve("log"));
        written(file);
        assertThat(recipients("log/acct.csv")).containsExactly("one");
    }

    @Test
    void aFileThatIsMovedAwayBeginsAnewEvenWithoutMail() throws IOException {
        start(ALL);
        log.publish(Records.event('d', "one"));
        written(ALL);
        Files.move(home.resolve("acct.csv"), home.resolve("old.csv"));
        await().until(() -> Files.exists(home.resolve("acct.csv")));
        log.publish(Records.event('d', "two"));
        written(ALL);
        assertThat(recipients("old.csv")).containsExactly("one");
        assertThat(recipients("acct.csv")).containsExactly("two");
        assertThat(logged.with("moved away")).hasSize(1);
        assertThat(logged.with("ALARM")).isEmpty();
    }

    @Test
    void aBrokerThatCannotCommitIsRetried() throws IOException {
        AtomicInteger failures = new AtomicInteger(6);
        Runnable trouble = () -> {
            if (failures.getAndDecrement() > 0)
                throw new IllegalStateException("cannot be acknowledged");
        };
        log.beforeCommit = trouble;
        start(ALL);
        await().until(() -> failures.get() < 5);
        log.publish(Records.event('d', "one"));
        written(ALL);
        failures.set(3);
        log.publish(Records.event('d', "two"));
        written(ALL);
        log.beforeCommit = () -> {
        };
        failures.set(3);
        log.afterCommit = trouble;
        log.publish(Records.event('d', "three"));
        log.publish(Records.event('d', "four"));
        await().until(() -> log.waiting("acct-acct_2e_csv") == 0);
        await().until(() -> failures.get() < 3);
        open.forEach(AccountingExporter::close);
        assertThat(recipients("acct.csv")).containsExactly("one", "two", "three", "four");
    }

    @Test
    void readerNamesDifferWhereFilesDoAndFitTheBroker() {
        List<String> names = new ArrayList<>();
        for (String path : List.of("a.csv", "a_csv", "a/csv", "A.csv", "ä.csv", "/var/log/caravan/accounting/a.csv",
                "/" + "long_name/".repeat(20) + "a.csv", "/" + "long_name/".repeat(20) + "b.csv"))
            names.add(AccountingExporter.readerName(AcctFile.of(path, RecordType.D)));
        assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}"));
        assertThat(names.getFirst()).isEqualTo("acct-a_2e_csv");
    }
}
