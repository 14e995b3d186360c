package org.caravanmta.submission.pickup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.Handovers;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.Submission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a pickup directory, without a gateway behind it. */
@Timeout(30)
class PickupTest {

    private static final Reply TAKEN = Reply.of(250, "2.6.0", "taken");
    private static final String PLAIN = "x-sender: a@from.example\nx-receiver: b@to.example\n";
    private static final String BATCH = "MAIL FROM:<a@from.example>\nRCPT TO:<b@to.example>\nDATA\nSubject: 1\n\n..\n.\n";

    /** What of a message can be seen after it was discarded. */
    private record Seen(String sender, List<Recipient> recipients, String id, String jobId, String text) {
    }

    @TempDir
    private Path home;
    private Path folder;
    private Path bad;
    private Intake intake;
    private Pickup pickup;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private volatile Reply answer = TAKEN;

    @BeforeEach
    void start() throws IOException {
        folder = home.resolve("pickup");
        bad = home.resolve("bad");
        intake = Intake.open(home.resolve("incoming"), 64 * 1024, () -> null, Clock.systemUTC());
        pickup = begin(this::submit);
    }

    @AfterEach
    void stop() {
        pickup.close();
    }

    private Pickup begin(Submission submission) throws IOException {
        var handover = Handovers.of("always-allow-relaying: yes, process-x-job: yes, add-received-header: no",
                "max-rcpt-per-message: 3");
        Pickup begun = Pickup.open(folder, bad, intake, submission, () -> handover);
        begun.begin();
        return begun;
    }

    private Reply submit(SubmittedMessage m) {
        try (InputStream in = m.content().open()) {
            seen.add(new Seen(m.reversePath(), m.recipients(), m.submissionId(), m.jobId(),
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            m.discard().run();
        }
    }

    /** Written elsewhere, and moved in when it is whole and a while old. */
    private void put(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve("written"), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(10)));
        Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Seen taken() {
        await().until(() -> !seen.isEmpty() && nothingIsLeft());
        return seen.poll();
    }

    private boolean nothingIsLeft() throws IOException {
        return names(folder).equals(List.of(".taken")) && names(folder.resolve(".taken")).isEmpty();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private String refused(String name) throws IOException {
        await().until(() -> Files.exists(bad.resolve(name), LinkOption.NOFOLLOW_LINKS));
        await().until(this::nothingIsLeft);
        assertThat(seen).isEmpty();
        return Files.readString(bad.resolve(name + ".reason.txt")).strip();
    }

    @Test
    void plainFileIsTakenAndItsEnvelopeTakenOut() throws Exception {
        put("one", "X-Sender: <a@from.example>\r\nx-receiver: b@to.example\r\nX-Job: j1\r\nSubject: 1\r\n"
                + "X-RECEIVER: <c@to.example>\r\n\r\nx-receiver: body@to.example\r\n");
        assertThat(taken()).satisfies(m -> {
            assertThat(m.sender()).isEqualTo("a@from.example");
            assertThat(m.recipients()).extracting(Recipient::address).containsExactly("b@to.example", "c@to.example");
            assertThat(m.jobId()).isEqualTo("j1");
            assertThat(m.text()).isEqualTo("Subject: 1\r\n\r\nx-receiver: body@to.example\r\n");
        });
        assertThat(pickup.stored()).isEqualTo(1);
    }

    @Test
    void nobodyWantsItBack() throws Exception {
        put("one", "x-sender:\nx-receiver: b@to.example\n");
        assertThat(taken()).extracting(Seen::sender, Seen::text).containsExactly(null, "\r\n");
    }

    @Test
    void batchHoldsSeveralMessagesAndEachHasItsId() throws Exception {
        put("batch", "HELO x\n" + BATCH + "RSET\nMAIL FROM:<> BODY=8BITMIME SIZE=5\nRCPT TO:<c@to.example>\n"
                + "RCPT TO:<d@to.example>\nDATA\nSubject: 2\n\n.x\n.\nQUIT\n");
        await().until(() -> seen.size() == 2);
        Seen first = taken();
        Seen second = seen.poll();
        assertThat(first.text()).isEqualTo("Subject: 1\r\n\r\n.\r\n");
        assertThat(second.text()).isEqualTo("Subject: 2\r\n\r\nx\r\n");
        assertThat(second.recipients()).hasSize(2);
        assertThat(first.id()).endsWith(":0");
        assertThat(second.id()).isEqualTo(first.id().replaceAll("0$", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "Subject: x\n\n", "x-sender: a b@from.example\nx-receiver: b@to.example\n\n",
            "x-sender: a@from.example\n\nx-receiver: b@to.example\n", PLAIN + "x-sender: c@from.example\n\n",
            PLAIN + " folded@to.example\n\n", PLAIN + "x-receiver: nonsense\n\n", PLAIN + "\na\rb\n", PLAIN + "\n\0\n",
            PLAIN + "x-receiver: c@to.example\nx-receiver: d@to.example\nx-receiver: e@to.example\n\n",
            BATCH + "BOO\n", BATCH + "MAIL FROM:<>\n", "RCPT TO:<b@to.example>\n", "MAIL FROM:<>\nDATA\n.\n",
            "MAIL FROM:<> NOTIFY=NEVER\n", "MAIL FROM:a@from.example\n",
            BATCH + "MAIL FROM:<>\nRCPT TO:<b@to.example>\nDATA\nno end\n",
            BATCH + "MAIL FROM:<>\nRCPT TO:<nonsense>\n", "HELO x\nQUIT\n", "HELO x\n" })
    void wrongFileIsPutAsideAndNothingOfItIsTaken(String text) throws Exception {
        put("wrong", text);
        assertThat(refused("wrong")).isNotEmpty();
        assertThat(Files.readString(bad.resolve("wrong"))).isEqualTo(text);
        assertThat(pickup.refused()).isEqualTo(1);
    }

    @Test
    void reasonNamesTheLine() throws Exception {
        put("wrong", PLAIN + "Subject: x\nx-receiver: nonsense\nx-receiver: @\n\n");
        assertThat(refused("wrong")).isEqualTo("line 4: 501 5.1.3 Bad recipient address syntax\n"
                + "line 5: 501 5.1.3 Bad recipient address syntax");
        put("wrong", "");
        assertThat(refused("wrong.1")).isEqualTo("it is empty");
    }

    @Test
    void whatTheSubmissionRefusesIsPutAsideAndWhatItDefersIsTriedAgain() throws Exception {
        answer = Reply.of(550, "5.3.5", "VirtualMTA does not exist: x");
        put("refused", PLAIN);
        await().until(() -> seen.poll() != null);
        assertThat(refused("refused")).isEqualTo("550 5.3.5 VirtualMTA does not exist: x");
        answer = Reply.of(452, "4.3.1", "full");
        put("later", PLAIN);
        await().until(() -> seen.size() == 1);
        answer = TAKEN;
        await().until(() -> seen.size() == 2);
        String id = seen.poll().id();
        assertThat(taken().id()).isEqualTo(id);
    }

    @Test
    void onlyFilesAreFollowed() throws Exception {
        Path secret = Files.writeString(home.resolve("secret"), PLAIN + "\nsecret");
        Files.createSymbolicLink(folder.resolve("symbolic"), secret);
        assertThat(refused("symbolic")).isEqualTo("it is no regular file");
        Files.createLink(folder.resolve("hard"), secret);
        Files.setLastModifiedTime(secret, FileTime.from(Instant.now().minusSeconds(10)));
        assertThat(refused("hard")).contains("hard link");
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor(10,
                TimeUnit.SECONDS)).isTrue();
        assertThat(refused("pipe")).isEqualTo("it is no regular file");
        assertThat(Files.readString(secret)).endsWith("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = { "${exchangeId}", "$simple{body}", "a?delete=false&x=y", "%2e%2e", "..x", "-rf", "a\nb",
            "a;reboot", "\"", "#bean:x" })
    void namesMeanNothing(String name) throws Exception {
        String plain = name.startsWith(".") ? "x" + name : name;
        put(plain, PLAIN + "\n");
        assertThat(taken().text()).isEqualTo("\r\n");
        put(plain, "x-sender: nonsense\n");
        assertThat(refused(plain)).startsWith("line 1: 501");
    }

    @ParameterizedTest
    @ValueSource(strings = { "x", "\u8a9e", "\ud83d\udce7" })
    void longNamesArePutAsideToo(String letter) throws Exception {
        int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
        put(letter.repeat(255 / bytes), "x-sender: nonsense\n");
        assertThat(refused(letter.repeat(200 / bytes))).startsWith("line 1: 501");
    }

    @Test
    void unfinishedFilesWait() throws Exception {
        Files.writeString(folder.resolve(".hidden"), PLAIN);
        Files.createDirectory(folder.resolve("folder"));
        Path written = folder.resolve("written");
        Files.writeString(written, PLAIN);
        Files.setLastModifiedTime(written, FileTime.from(Instant.now().plusSeconds(3600)));
        put("other", PLAIN + "\n");
        await().until(() -> seen.size() == 1);
        await().during(Duration.ofMillis(500)).until(() -> names(folder).equals(
                List.of(".hidden", ".taken", "folder", "written")));
        Files.setLastModifiedTime(written, FileTime.from(Instant.now().minusSeconds(10)));
        await().until(() -> seen.size() == 2);
    }

    @Test
    void whatWasTakenBeforeACrashIsHandedInAgainUnderTheSameId() throws Exception {
        put("one", PLAIN + "\n");
        String id = taken().id();
        pickup.close();
        Path taken = folder.resolve(".taken");
        Files.writeString(home.resolve("written"), PLAIN + "\n");
        Files.move(home.resolve("written"), taken.resolve("two"));
        String before = new TakenFile(taken.resolve("two")).look().id();
        pickup = begin(this::submit);
        assertThat(taken().id()).isEqualTo(before).isNotEqualTo(id);
    }

    @Test
    void foldersAreNobodysBusinessElse() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwxrwx---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(".taken"))))
                .isEqualTo("rwx------");
    }
}
