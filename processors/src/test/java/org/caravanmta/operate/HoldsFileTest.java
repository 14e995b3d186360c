package org.caravanmta.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.steering.QueueHolds;
import org.caravanmta.steering.QueueHolds.Word;
import org.caravanmta.steering.QueuePattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldsFileTest {

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("home/paused-queues");
    }

    private QueueHolds written(QueuePattern... paused) throws IOException {
        QueueHolds holds = new QueueHolds(List.of(paused).stream().map(q -> new Word(true, q)).toList());
        new HoldsFile(path()).write(holds);
        return holds;
    }

    @Test
    void noFileMeansNothingIsPaused() throws Exception {
        assertThat(new HoldsFile(path()).read()).isEqualTo(QueueHolds.NONE);
    }

    @Test
    void comesBackAsItWasSaid() throws Exception {
        QueueHolds holds = new QueueHolds(List.of(new Word(true, QueuePattern.parse("*/mta1")),
                new Word(false, QueuePattern.parse("[*.]gmail.com/mta1")),
                new Word(true, QueuePattern.parse("[IPv6:2001:db8::1]/*"))));
        new HoldsFile(path()).write(holds);
        assertThat(new HoldsFile(path()).read()).isEqualTo(holds);
        assertThat(Files.readAllLines(path())).containsExactly("pause */mta1", "resume [*.]gmail.com/mta1",
                "pause [ipv6:2001:db8::1]/*");
        try (var files = Files.list(path().getParent())) {
            assertThat(files).as("nothing half written is left").hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "ü", "名前", "a b", " a ", "a=b", "#a", "{default}", "\uD83D\uDE00", "*x", "a\u2028b",
            "a\u00A0" })
    void aNameOfAnyKindComesBack(String virtualMta) throws Exception {
        QueueHolds holds = written(QueuePattern.parse("a.com/" + virtualMta));
        assertThat(new HoldsFile(path()).read()).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = { "a\npause */*", "a\r", "a\rresume */*", "\n", "a/b", "", "\uD83D" })
    void whatWouldBreakItNeverGetsIn(String virtualMta) throws Exception {
        assertThatThrownBy(() -> written(new QueuePattern(new DomainPattern(Scope.ALL, ""), virtualMta)))
                .isInstanceOf(IOException.class);
        assertThat(path()).as("what was there before stays").doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = { "pause", "pause ", "PAUSE */*", "stop */*", "pause a.com/", "pause a.com/m/x", "pau",
            "\uFEFFpause */*" })
    void aTornFileIsRefusedWithItsLine(String text) throws Exception {
        Files.createDirectories(path().getParent());
        Files.writeString(path(), "pause */mta1\n\n" + text + "\n");
        assertThatThrownBy(() -> new HoldsFile(path()).read()).isInstanceOf(IOException.class)
                .hasMessageStartingWith(path() + ":3: ");
    }

    @Test
    void aFileOfBytesIsRefusedWithItsName() throws Exception {
        Files.createDirectories(path().getParent());
        Files.write(path(), new byte[] { 'p', (byte) 0xC3, (byte) 0x28, '\n' });
        assertThatThrownBy(() -> new HoldsFile(path()).read()).isInstanceOf(IOException.class)
                .hasMessageContaining(path().toString());
    }
}
