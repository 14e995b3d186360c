package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountingFileTest {

    private static final String HEADER = "type,rcpt\r\n";

    @TempDir
    Path folder;

    private final TestDisk disk = new TestDisk();
    private final LogLines logged = new LogLines();
    private Path path;
    private Path aside;

    @BeforeEach
    void paths() {
        path = folder.resolve("log/acct.csv");
        aside = folder.resolve("log/acct.csv.aside");
    }

    @AfterEach
    void silence() {
        logged.close();
    }

    private AccountingFile open(Long checkpoint) throws IOException {
        return AccountingFile.open(path, bytes(HEADER), Records.ALL,
                Checkpoint.decode(checkpoint == null ? null : bytes(checkpoint.toString())), disk,
                new FinishedFiles(path, Records.ALL.rotation(), ZoneOffset.UTC));
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private void found(String content) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    @Test
    void aNewFileBeginsWithItsHeaderInAFolderThatIsMade() throws IOException {
        try (AccountingFile file = open(null)) {
            assertThat(file.length()).isEqualTo(11);
            file.append(bytes("d,a\r\n"));
            assertThat(file.length()).isEqualTo(16);
        }
        assertThat(path).hasContent(HEADER + "d,a\r\n");
    }

    @Test
    void theHeaderStandsOnceHoweverOftenTheFileIsOpened() throws IOException {
        for (Long checkpoint : new Long[] { null, 11L, 11L, null })
            open(checkpoint).close();
        assertThat(path).hasContent(HEADER);
    }

    @Test
    void whatStandsBehindTheCheckpointIsCut() throws IOException {
        found(HEADER + "d,a\r\nd,b\r\nd,tor");
        open(16L).close();
        assertThat(path).hasContent(HEADER + "d,a\r\n");
        assertThat(logged.all())
                .containsExactly("INFO " + path + ": 10 bytes of an unfinished batch are written again");
    }

    @ParameterizedTest
    @ValueSource(strings = { "t", "type,", "type,rcpt\r", "type,rcpt\r\n" })
    void aTornHeaderIsWrittenAgain(String torn) throws IOException {
        found(torn);
        open(null).close();
        assertThat(path).hasContent(HEADER);
        assertThat(aside).doesNotExist();
    }

    @Test
    void aFileOfRecordsWithoutACheckpointIsGoneOnWith() throws IOException {
        found(HEADER + "d,\"a\r\nb\"\r\n");
        try (AccountingFile file = open(null)) {
            file.append(bytes("d,c\r\n"));
        }
        assertThat(path).hasContent(HEADER + "d,\"a\r\nb\"\r\nd,c\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = { "d,a\r\nd,tor", "d,a\r\nd,\"torn\r\n", "no accounting file" })
    void aTornFileWithoutACheckpointIsSetAsideWhole(String content) throws IOException {
        found(HEADER + content);
        open(null).close();
        assertThat(path).hasContent(HEADER);
        assertThat(aside).hasContent(HEADER + content);
        assertThat(logged.all())
                .containsExactly(
                        "WARN " + path + " cannot be gone on with; it is kept as " + aside + ", and a new one begins");
    }

    @Test
    void nothingThatWasSetAsideIsOverwritten() throws IOException {
        found("one");
        open(null).close();
        found("two");
        open(null).close();
        assertThat(aside).hasContent("one");
        assertThat(aside.resolveSibling("acct.csv.aside-2")).hasContent("two");
    }

    @Test
    void aMissingFileIsToldAndBegunAnew() throws IOException {
        try (AccountingFile file = open(5000L)) {
            assertThat(file.length()).isEqualTo(11);
        }
        assertThat(path).hasContent(HEADER);
        assertThat(logged.all()).containsExactly("WARN " + path
                + " was moved away, deleted or emptied: found no record, expected 5000 bytes; a new one begins");
    }

    @Test
    void aShorterFileIsToldAndGoneOnWith() throws IOException {
        found(HEADER + "d,a\r\n");
        open(5000L).close();
        assertThat(path).hasContent(HEADER + "d,a\r\n");
        assertThat(logged.all()).containsExactly("WARN " + path
                + " was cut or replaced: found 16 bytes, expected 5000; records go on at its end");
    }

    @Test
    void anotherFileAtThePathIsNeverCut() throws IOException {
        String other = "something else that is much longer than the checkpoint";
        found(other);
        open(16L).close();
        assertThat(aside).hasContent(other);
        assertThat(path).hasContent(HEADER);
    }

    @Test
    void aFullDiskLeavesTheFileAsItWas() throws IOException {
        try (AccountingFile file = open(null)) {
            file.append(bytes("d,a\r\n"));
            disk.room.set(3);
            assertThatThrownBy(() -> file.append(bytes("d,b\r\n"))).hasMessage("No space left on device");
            assertThat(path).hasContent(HEADER + "d,a\r\n");
            disk.room.set(TestDisk.MUCH);
            file.append(bytes("d,b\r\n"));
        }
        assertThat(path).hasContent(HEADER + "d,a\r\nd,b\r\n");
    }

    @Test
    void aDiskThatIsFullForTheHeaderLeavesNothingThatStaysInTheWay() throws IOException {
        disk.room.set(4);
        assertThatThrownBy(() -> open(null)).hasMessage("No space left on device");
        disk.room.set(TestDisk.MUCH);
        open(null).close();
        assertThat(path).hasContent(HEADER);
    }

    @Test
    void aRenamedDeletedOrEmptiedFileIsNoticedBeforeWriting() throws IOException {
        try (AccountingFile file = open(null)) {
            Files.move(path, folder.resolve("old.csv"));
            assertThatThrownBy(() -> file.append(bytes("d,b\r\n"))).isInstanceOf(AccountingFile.MovedAway.class);
            found(HEADER + "another file of the same name\r\n");
            assertThatThrownBy(file::requireInPlace).isInstanceOf(AccountingFile.MovedAway.class);
        }
        assertThat(folder.resolve("old.csv")).hasContent(HEADER);
        Files.delete(path);
        try (AccountingFile file = open(null)) {
            found("");
            assertThatThrownBy(file::requireInPlace).isInstanceOf(AccountingFile.MovedAway.class);
        }
    }

    @Test
    void aBatchThatWentIntoAFileJustMovedAwayIsTakenBack() throws IOException {
        try (AccountingFile file = open(null)) {
            disk.onForce = () -> rename(folder.resolve("old.csv"));
            assertThatThrownBy(() -> file.append(bytes("d,b\r\n"))).isInstanceOf(AccountingFile.MovedAway.class);
        }
        assertThat(folder.resolve("old.csv")).hasContent(HEADER);
    }

    private void rename(Path to) {
        assertThat(path.toFile().renameTo(to.toFile())).isTrue();
    }
}
