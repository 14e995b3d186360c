package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while files of every format are written and finished, a command reads along and one export is dead from
 * the beginning: every accepted recipient has one final record in each file, and the command and the dead one catch up.
 */
class ExportsCrashTest {

    private static final int KILLS = 5;
    private static final int SESSIONS = 4;
    private static final long SEED = 20261125;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void everyRecipientHasOneFinalRecordInEachFile() throws Exception {
        Path home = folder.resolve("home");
        Files.createDirectories(home);
        Random random = new Random(SEED);
        Path blocked = Files.writeString(home.resolve("blocked"), "in the way");
        Path program = Files.writeString(folder.resolve("append"), "#!/bin/sh\nexec cat >> \"$1\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        try (Mx mx = new Mx("127.62.0.2"); Load load = new Load(SESSIONS)) {
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.62.0.1:0" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: only }
                    virtual-mta:
                      only: { smtp-source-host: [ "127.62.1.1 only.gw.test" ] }
                    domain:
                      "*": { smtp-hosts: [ "%s" ], max-smtp-out: 4, retry-after: [ 1s ] }
                    acct-file:
                      - { path: acct.csv, records: [ d, b ], move-interval: 1s, formula-guard: no }
                      - { path: acct.xml, records: [ d, b, r ], move-interval: 1s, move-to: done }
                      - { path: acct.json, records: [ d, b, t ], move-interval: 2s, transport-to: "file:%s" }
                      - { path: blocked/acct.csv, records: [ d, b ] }
                      - { path: "|%s piped", records: [ d, b ], record-fields: [ "d rcpt,recordId", "b rcpt,recordId" ] }
                    """.formatted(mx.hop(), folder.resolve("sent"), program));
            for (int i = 0; i < KILLS; i++)
                try (GatewayProcess gateway = GatewayProcess.run(config, home)) {
                    load.to(gateway.awaitReady());
                    int enough = load.accepted().size() + 100 + random.nextInt(400);
                    await("load").atMost(Mx.LIMIT).pollInterval(Duration.ofMillis(5))
                            .until(() -> load.accepted().size() >= enough);
                    gateway.kill();
                    load.to(null);
                }
            Files.delete(blocked);
            try (GatewayProcess last = GatewayProcess.run(config, home)) {
                load.to(last.awaitReady());
                load.stop();
                await("every accepted message").atMost(Mx.LIMIT)
                        .until(() -> Set.copyOf(mx.recipients()).containsAll(load.accepted()));
                await("the dead one").atMost(Mx.LIMIT).ignoreExceptions()
                        .until(() -> recipients(home, "blocked/acct.csv").containsAll(load.accepted()));
                await("something finished and sent").atMost(Mx.LIMIT).until(
                        () -> Files.isDirectory(home.resolve("sent")) && Files.isDirectory(home.resolve("done")));
                assertThat(last.stop()).as(last.text()).isZero();
            }
            check(home, load);
        }
    }

    private void check(Path home, Load load) throws IOException {
        List<String> csv = csv(home.resolve("acct.csv"), home);
        assertThat(csv).as("csv").doesNotHaveDuplicates().containsAll(load.accepted());
        assertThat(csv(home.resolve("blocked/acct.csv"), home.resolve("blocked"))).as("the dead one")
                .containsExactlyInAnyOrderElementsOf(csv);
        List<String> xml = found("<record type=\"[db]\">.*?<rcpt>([^<]*)</rcpt>", texts(home, "acct", ".xml"),
                texts(home.resolve("done"), "acct", ".xml"));
        assertThat(xml).as("xml").containsExactlyInAnyOrderElementsOf(csv);
        List<String> receipts = found("<record type=\"r\">.*?<rcpt>([^<]*)</rcpt>", texts(home, "acct", ".xml"),
                texts(home.resolve("done"), "acct", ".xml"));
        assertThat(receipts).as("receipts").doesNotHaveDuplicates().containsAll(csv);
        Set<String> json = new HashSet<>();
        for (Path f : named(home.resolve("sent"), "acct", ".json"))
            assertThat(folder.resolve("sent").resolve(f.getFileName())).as("what was sent").hasSameTextualContentAs(f);
        List<String> lines = found("\"type\":\"[db]\".*?\"rcpt\":\"([^\"]*)\"", texts(home, "acct", ".json"),
                texts(home.resolve("sent"), "acct", ".json"));
        json.addAll(lines);
        assertThat(lines).as("json").hasSameSizeAs(json).containsExactlyInAnyOrderElementsOf(csv);
        Set<String> piped = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (String line : Files.readAllLines(home.resolve("piped"))) {
            String[] f = line.split(",");
            if (f.length == 3 && (f[0].equals("d") || f[0].equals("b")) && f[2].matches("[0-9a-z]+-[0-9]+")
                    && piped.add(f[1]))
                ids.add(f[2]);
        }
        assertThat(piped).as("piped").containsAll(csv);
        assertThat(ids).as("ids").hasSameSizeAs(piped);
    }

    private static List<String> recipients(Path home, String name) throws IOException {
        return AcctCsv.read(home.resolve(name)).stream().map(AcctCsv.Line::rcpt).toList();
    }

    private static List<String> csv(Path current, Path of) throws IOException {
        List<String> all = new ArrayList<>();
        for (Path f : named(of, "acct", ".csv"))
            AcctCsv.read(f).forEach(l -> all.add(l.rcpt()));
        assertThat(current).exists();
        return all;
    }

    private static List<Path> named(Path of, String begin, String end) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.filter(f -> f.getFileName().toString().startsWith(begin)
                    && f.getFileName().toString().endsWith(end)).sorted().toList();
        }
    }

    private static String texts(Path of, String begin, String end) throws IOException {
        StringBuilder b = new StringBuilder();
        for (Path f : named(of, begin, end))
            b.append(Files.readString(f));
        return b.toString();
    }

    private static List<String> found(String pattern, String... texts) {
        List<String> found = new ArrayList<>();
        for (String text : texts)
            for (Matcher m = Pattern.compile(pattern).matcher(text); m.find();)
                found.add(m.group(1));
        return found;
    }
}
