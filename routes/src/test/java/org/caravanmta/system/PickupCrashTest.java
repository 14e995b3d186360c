package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while files are taken: each is queued once. */
@Timeout(120)
class PickupCrashTest {

    private static final int KILLS = 3;
    private static final int FILES = 1_500;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void everyFileIsQueuedOnce() throws Exception {
        Path home = folder.resolve("home");
        Path pickup = home.resolve("pickup");
        Files.createDirectories(pickup);
        try (Mx mx = new Mx("127.48.0.2")) {
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.48.0.1:0" ]
                    pickup: [ "pickup bad" ]
                    source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                    domain: { "*": { smtp-hosts: [ "%s" ] } }
                    acct-file:
                      - { path: acct.csv, records: [ d, b ] }
                      - { path: received.csv, records: [ r ] }
                    """.formatted(mx.hop()));
            for (int i = 0; i < FILES; i++)
                put(pickup, "file" + i, "r" + i + "@to.test");
            for (int k = 1; k <= KILLS; k++)
                try (GatewayProcess gateway = GatewayProcess.run(config, home)) {
                    gateway.awaitReady();
                    int left = FILES - k * FILES / (KILLS + 1);
                    await("some files").atMost(Mx.LIMIT).pollInterval(Duration.ofMillis(2))
                            .until(() -> files(pickup) < left);
                    gateway.kill();
                }
            try (GatewayProcess last = GatewayProcess.run(config, home)) {
                last.awaitReady();
                await("all files").atMost(Mx.LIMIT)
                        .until(() -> files(pickup) == 0 && files(pickup.resolve(".taken")) == 0);
                await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().stream().distinct().count() == FILES);
                assertThat(last.stop()).as(last.text()).isZero();
            }
            List<String> all = IntStream.range(0, FILES).mapToObj(i -> "r" + i + "@to.test").toList();
            assertThat(rcpts(home.resolve("received.csv"))).containsExactlyInAnyOrderElementsOf(all);
            assertThat(rcpts(home.resolve("acct.csv"))).containsExactlyInAnyOrderElementsOf(all);
            assertThat(files(home.resolve("bad"))).isZero();
            assertThat(mx.mails().getFirst().text()).contains("with local id").doesNotContainIgnoringCase("x-receiver");
        }
    }

    private void put(Path pickup, String name, String recipient) throws IOException {
        Path file = Files.writeString(folder.resolve("written"),
                "x-sender: a@from.test\nx-receiver: " + recipient + "\nSubject: " + name + "\n\nbody\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(10)));
        Files.move(file, pickup.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<String> rcpts(Path csv) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        int column = List.of(lines.getFirst().split(",")).indexOf("rcpt");
        return lines.stream().skip(1).map(l -> l.split(",", -1)[column]).toList();
    }

    /** Without folders. */
    private static long files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
