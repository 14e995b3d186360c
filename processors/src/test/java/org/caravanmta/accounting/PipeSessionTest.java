package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFile.Pipe;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PipeSessionTest {

    @TempDir
    Path home;

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final LogLines logged = new LogLines();
    private final List<AccountingExporter> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(AccountingExporter::close);
        logged.close();
    }

    private AcctFile command(String script, Duration writeTimeout) throws IOException {
        Path file = Files.writeString(home.resolve("command"), "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        AcctFile f = AcctFile.of("|" + file + " \"two words\" $HOME", RecordType.D);
        RecordFields fields = new RecordFields(RecordType.D, List.of("type", "rcpt", "recordId"));
        return new AcctFile(f.path(), f.format(), f.records(), java.util.Map.of(RecordType.D, fields), null, true, true,
                f.filter(), f.privacy(), f.rotation(), new Pipe(Duration.ofMillis(50), writeTimeout), null);
    }

    private AccountingExporter start(AcctFile file) {
        AccountingExporter e = new AccountingExporter(log, file, home, ZoneOffset.UTC, AccountingFile.ON_DISK, 5);
        open.add(e);
        e.start();
        return e;
    }

    private void publish(int from, int to) {
        for (int i = from; i < to; i++)
            log.publish(Records.event('d', "user" + i + "@" + "x".repeat(100) + ".test"));
    }

    /** Each record with its id, those that came twice once; fails where one id means two records. */
    private List<String> once(String name) throws IOException {
        List<String> lines = new ArrayList<>(new LinkedHashSet<>(Files.readAllLines(home.resolve(name)).stream()
                .filter(l -> l.startsWith("d,") && l.matches(".*-[0-9]+")).toList()));
        assertThat(lines.stream().map(l -> l.substring(l.lastIndexOf('-'))).distinct()).hasSameSizeAs(lines);
        return lines;
    }

    @Test
    void aCommandGetsItsWordsTheHeaderLineAndEveryRecordOnce() throws Exception {
        AccountingExporter e = start(command("printf '%s\\n' \"$@\" > words; cat > got", Duration.ofMinutes(1)));
        publish(0, 3000);
        await().until(() -> e.written() == 3000);
        e.close();
        assertThat(Files.readAllLines(home.resolve("words"))).containsExactly("two words", "$HOME");
        assertThat(Files.readAllLines(home.resolve("got"))).hasSize(3001).first().isEqualTo("type,rcpt,recordId");
        assertThat(once("got")).hasSize(3000);
        assertThat(log.waiting(AccountingExporter.readerName(e.config()))).isZero();
    }

    @Test
    void aCommandThatDiesIsStartedAgainAndNoRecordIsMissing() throws Exception {
        AccountingExporter e = start(command("head -n 40 >> got; echo >> starts; exit 3", Duration.ofMinutes(1)));
        publish(0, 100);
        await().until(() -> Files.exists(home.resolve("starts")) && Files.size(home.resolve("starts")) > 3);
        Files.writeString(home.resolve("command"), "#!/bin/sh\ncat >> got\n");
        publish(100, 200);
        await().until(() -> once("got").size() == 200);
        e.close();
        assertThat(once("got")).hasSize(200);
        assertThat(logged.with("ALARM")).isNotEmpty().first().asString().contains("Error ")
                .contains("its records wait");
        assertThat(log.waiting(AccountingExporter.readerName(e.config()))).isZero();
    }

    @Test
    void aCommandThatReadsNothingIsEndedAndTriedAgain() throws Exception {
        AccountingExporter e = start(command("echo >> starts; sleep 1000", Duration.ofMillis(300)));
        publish(0, 2000);
        await().until(() -> Files.exists(home.resolve("starts")) && Files.size(home.resolve("starts")) >= 2);
        Files.writeString(home.resolve("command"), "#!/bin/sh\ncat >> got\n");
        await().until(() -> Files.exists(home.resolve("got")) && once("got").size() == 2000);
        e.close();
        assertThat(log.waiting(AccountingExporter.readerName(e.config()))).isZero();
    }

    @Test
    void aCommandThatIsNotThereIsSaid() throws Exception {
        AcctFile f = command("", Duration.ofMinutes(1));
        Files.delete(home.resolve("command"));
        start(f);
        await().until(() -> !logged.with("Error starting").isEmpty());
    }

    @Test
    void wordsMayBeQuoted() {
        assertThat(CommandWords.of("/bin/x  a \"b c\" d\"e f\" \"\"")).containsExactly("/bin/x", "a", "b c", "de f",
                "");
    }
}
