package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.caravanmta.sink.ReceivedMail;
import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Steering a running gateway: what each command does to the mail, by what the receiver sees; and who may. */
@Timeout(120)
class OperateTest {

    /** In which every command takes effect. */
    private static final Duration EFFECT = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;
    private static Mx mx;
    private static LocalGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        mx = new Mx("127.41.0.2", 0, new SinkScript().rcpt("later*@*", "451 4.7.1 come back later", 1));
        gateway = LocalGateway.operated(home, yaml("127.41.0.1:0", ""));
    }

    private static String yaml(String listeners, String more) {
        return """
                host-name: gw.test
                smtp-listener: [ "%s" ]
                source:
                  127.0.0.0/8:
                    always-allow-relaying: yes
                    process-x-virtual-mta: yes
                    default-virtual-mta: alpha
                virtual-mta:
                  alpha: { smtp-source-host: [ "127.41.1.1 alpha.gw.test" ] }
                  beta:  { smtp-source-host: [ "127.41.1.2 beta.gw.test" ] }
                  gamma: { smtp-source-host: [ "127.41.1.3 gamma.gw.test" ] }
                virtual-mta-pool:
                  both: { virtual-mta: [ beta, gamma ] }
                job: { "slow*": { max-smtp-msg-rate: 5/h } }
                domain:
                  "*": { smtp-hosts: [ "%s" ], retry-after: [ 1h ] }
                  slow.test: { max-msg-rate: 1/h }
                  %s
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(listeners, mx.hop(), more);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        mx.close();
    }

    @AfterEach
    void conserved() throws Exception {
        Cli.done(home, "resume");
        gateway.recordsWhenDone();
        gateway.assertConserved(mx);
    }

    private static void take(String domain, int count, String... header) throws Exception {
        try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
            for (int i = 0; i < count; i++)
                assertThat(client.submit(SmtpClient.text(header), i + "@" + domain)).startsWith("250 ");
        }
    }

    private static List<ReceivedMail> mailsTo(String domain) {
        return mx.mails().stream().filter(m -> m.recipients().getFirst().endsWith("@" + domain)).toList();
    }

    /** All of it has come, and in time after a command that was given then. */
    private static void awaitInTime(long commandMs, String domain, int count) {
        await(count + " mails to " + domain).atMost(Mx.LIMIT).until(() -> mailsTo(domain).size() >= count);
        assertThat(mailsTo(domain)).hasSize(count)
                .allSatisfy(m -> assertThat(m.atMs() - commandMs).isLessThan(EFFECT.toMillis()));
    }

    private static JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return JSON.readTree(Cli.done(home, all.toArray(String[]::new)));
    }

    private static JsonNode job(String name) throws IOException {
        for (JsonNode job : json("show", "jobs").path("jobs"))
            if (job.path("name").asText().equals(name))
                return job;
        return JSON.createObjectNode();
    }

    private static void awaitWaiting(String queue, int messages) {
        await().atMost(Mx.LIMIT)
                .until(() -> json("show", "queues", queue).path("queues").path(0).path("messages").asInt() == messages);
    }

    // ----------------------------------------------------------------- steer

    @Test
    void aJobAtItsLimitIsSeenPausedAndDeletedAsAnyOther() throws Exception {
        take("jobs.test", 130, "X-Job: slow1");
        take("jobs.test", 1, "X-Job: other");
        await().atMost(Mx.LIMIT).until(() -> mailsTo("jobs.test").size() == 6);
        await().atMost(Mx.LIMIT).until(() -> job("slow1").path("messages").asInt() == 125);
        assertThat(job("slow1").path("state").asText()).isEqualTo("max-smtp-msg-rate of job slow1");
        assertThat(json("explain", "jobs.test/alpha").path("why").toString())
                .contains("mail of job slow1 is held up by its max-smtp-msg-rate");

        Cli.done(home, "pause", "--job", "slow1");
        assertThat(job("slow1").path("state").asText()).isEqualTo("paused");
        Cli.done(home, "resume", "--job", "slow1");
        await().atMost(Mx.LIMIT)
                .until(() -> job("slow1").path("state").asText().equals("max-smtp-msg-rate of job slow1"));
        assertThat(Cli.done(home, "delete", "--job", "slow1")).contains("125 messages");
        assertThat(mailsTo("jobs.test")).hasSize(6);
    }

    @Test
    void aPauseStopsWhatFlowsAndAResumeLetsItGoOn() throws Exception {
        Thread flow = Thread.ofVirtual().start(() -> {
            try {
                take("flow.test", 400);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(Mx.LIMIT).until(() -> mailsTo("flow.test").size() > 20);
        assertThat(Cli.done(home, "pause", "flow.test/alpha")).isEqualToIgnoringNewLines("pause flow.test/alpha");
        long paused = System.currentTimeMillis();
        flow.join();
        take("other.test", 1);
        await().atMost(Mx.LIMIT).until(() -> mailsTo("other.test").size() == 1);
        assertThat(mailsTo("flow.test")).hasSizeLessThan(400)
                .allSatisfy(m -> assertThat(m.atMs() - paused).isLessThan(EFFECT.toMillis()));
        assertThat(Cli.done(home, "show", "queues", "flow.test/*")).containsPattern("flow\\.test/alpha .* paused");
        assertThat(json("show", "status").path("paused").path(0).asText()).isEqualTo("pause flow.test/alpha");
        assertThat(Cli.done(home, "explain", "flow.test/alpha")).contains("paused by the operator; caravan resume");
        Cli.done(home, "resume", "flow.test/alpha");
        await().atMost(Mx.LIMIT).until(() -> mailsTo("flow.test").size() == 400);
    }

    @Test
    void deletedMailEndsWithRecords() throws Exception {
        Cli.done(home, "pause", "del.test/*");
        take("del.test", 3, "X-Job: spring");
        awaitWaiting("del.test/alpha", 3);
        assertThat(Cli.done(home, "delete", "del.test/*", "--job", "autumn")).startsWith("deleted 0 ");
        assertThat(Cli.done(home, "delete", "del.test/*", "--job", "spring")).startsWith("deleted 3 ");
        await().atMost(EFFECT).until(() -> gateway.gateway().delivery().counters().deleted.sum() >= 3);
        Cli.done(home, "resume");
        for (int i = 0; i < 3; i++) {
            AcctCsv.Line record = gateway.records(i + "@del.test").getFirst();
            assertThat(record.get("type")).isEqualTo("b");
            assertThat(record.get("dsnStatus")).isEqualTo("5.0.0 (deleted by operator)");
            assertThat(record.get("jobId")).isEqualTo("spring");
        }
        assertThat(mailsTo("del.test")).isEmpty();
    }

    @Test
    void oneRecipientOfSeveralIsDeletedAndTheOthersGetTheirs() throws Exception {
        Cli.done(home, "pause", "some.test/*");
        gateway.take(SmtpClient.text(), "one@some.test", "two@some.test", "three@some.test");
        awaitWaiting("some.test/alpha", 1);
        assertThat(Cli.done(home, "delete", "--rcpt", "TWO@some.test")).startsWith("deleted 1 ");
        Cli.done(home, "resume");
        assertThat(mx.awaitMail("one@some.test").recipients()).containsExactly("one@some.test", "three@some.test");
        assertThat(gateway.records("two@some.test").getFirst().get("dsnStatus")).startsWith("5.0.0 (deleted");
        assertThat(mailsTo("some.test")).hasSize(1);
    }

    @Test
    void deferredMailIsTriedAtOnce() throws Exception {
        gateway.take(SmtpClient.text(), "later1@retry.test");
        gateway.take(SmtpClient.text(), "later2@stay.test");
        await().atMost(Mx.LIMIT).until(() -> AcctCsv.read(home.resolve("acct.csv")).stream()
                .filter(r -> r.get("type").equals("t")).count() == 2);
        gateway.gateway().store().flush();
        long told = System.currentTimeMillis();
        assertThat(Cli.done(home, "retry", "retry.test/*")).contains("1 message");
        awaitInTime(told, "retry.test", 1);
        assertThat(mailsTo("stay.test")).isEmpty();
        assertThat(Cli.done(home, "delete", "stay.test/*")).startsWith("deleted 1 ");
    }

    @Test
    void movedMailLeavesThroughTheOtherVirtualMtaOrThePoolsMembers() throws Exception {
        Cli.done(home, "pause", "*/alpha");
        take("move.test", 4);
        take("pool.test", 4);
        awaitWaiting("pool.test/alpha", 4);
        long told = System.currentTimeMillis();
        assertThat(Cli.done(home, "move", "move.test/alpha", "--to", "beta")).startsWith("moved 4 ");
        assertThat(Cli.done(home, "move", "pool.test/alpha", "--to", "both")).startsWith("moved 4 ");
        awaitInTime(told, "move.test", 4);
        awaitInTime(told, "pool.test", 4);
        assertThat(mailsTo("move.test")).extracting(ReceivedMail::client).containsOnly("127.41.1.2");
        assertThat(mailsTo("move.test")).extracting(ReceivedMail::ehlo).containsOnly("beta.gw.test");
        assertThat(mailsTo("pool.test")).extracting(ReceivedMail::client).contains("127.41.1.2", "127.41.1.3");
        assertThat(gateway.records("0@move.test").getFirst().get("vmta")).isEqualTo("beta");
        assertThat(gateway.records("0@pool.test").getFirst().get("vmtaPool")).isEqualTo("both");
    }

    @Test
    void aPausedJobWaitsAndSoDoesWhatStillComesOfIt() throws Exception {
        Cli.done(home, "pause", "job.test/*");
        take("job.test", 2, "X-Job: summer");
        awaitWaiting("job.test/alpha", 2);
        assertThat(Cli.done(home, "pause", "--job", "summer")).contains("pause */* job summer");
        Cli.done(home, "resume", "job.test/*");
        take("job.test", 2, "X-Job: summer");
        take("free.test", 2, "X-Job: winter");
        await().atMost(Mx.LIMIT).until(() -> mailsTo("free.test").size() == 2);
        await().atMost(EFFECT).until(() -> json("list", "--job", "summer").path("messages").size() == 4
                && json("list", "--job", "summer").path("messages").findValuesAsText("state").stream()
                        .allMatch("held"::equals));
        assertThat(mailsTo("job.test")).isEmpty();
        assertThat(Cli.done(home, "show", "jobs")).containsPattern("summer .* paused");
        assertThat(Cli.done(home, "retry", "--job", "summer")).as("what is held is not deferred")
                .contains("0 messages");
        long told = System.currentTimeMillis();
        assertThat(Cli.done(home, "resume", "--job", "summer")).startsWith("nothing is paused");
        awaitInTime(told, "job.test", 4);
    }

    @Test
    void aSlipOfThePenIsRefused() {
        assertThat(Cli.refused(home, "pause", "*/alhpa")).contains("\"alhpa\"", "did you mean alpha?");
        assertThat(Cli.refused(home, "move", "x.test/alpha", "--to", "bothe")).contains("did you mean both?");
        assertThat(Cli.refused(home, "delete")).contains("say which messages");
        assertThat(Cli.refused(home, "delete", "x*.test/alpha")).contains("x*.test");
        assertThat(Cli.refused(home, "pause", "x.test/alpha\nresume */*")).contains("control characters");
        assertThat(Cli.refused(home, "explain", "*/alpha")).contains("more than one queue");
        assertThat(Cli.refused(home, "explain", "x.test/alhpa")).contains("did you mean alpha?");
        assertThat(Cli.ask(home, "move", "x.test/alpha").exit()).as("no --to").isEqualTo(2);
        assertThat(Cli.ask(home.resolve("nowhere"), "show", "status").err()).contains("no gateway runs with the home");
        assertThat(Cli.done(home, "resume")).startsWith("nothing is paused");
    }

    @Test
    void theReasonWhyAQueueIsSlowIsItsLimitWithItsLine() throws Exception {
        take("slow.test", 3);
        await().atMost(Mx.LIMIT).until(() -> mailsTo("slow.test").size() == 1);
        await().atMost(EFFECT).untilAsserted(() -> assertThat(Cli.done(home, "explain", "slow.test/alpha"))
                .contains("held up by max-msg-rate 1/h (" + home.resolve("caravan.yaml") + ":17)", "1 of 1 used"));
        assertThat(json("explain", "slow.test/alpha").path("now").path("messages").asInt()).isEqualTo(2);
        Cli.done(home, "delete", "slow.test/alpha");
        await().atMost(EFFECT).until(() -> gateway.gateway().conservation().queued() == 0);
    }

    // ---------------------------------------------------------------- reload

    @Test
    void listenersComeAndGoAndWhoIsConnectedIsServedToTheEnd() throws Exception {
        InetSocketAddress old = gateway.listener();
        try (SmtpClient client = SmtpClient.connect(old)) {
            assertThat(client.begin("stays@conn.test")).startsWith("354");
            gateway.write(yaml("127.41.0.3:0", "").replace("max-msg-rate: 1/h", "max-msg-rate: 2/h"));
            Cli.done(home, "reload");
            assertThat(gateway.gateway().listeners()).singleElement()
                    .satisfies(l -> assertThat(l.getAddress().getHostAddress()).isEqualTo("127.41.0.3"));
            await().atMost(EFFECT).until(() -> refuses(old));
            take("new.test", 1);
            assertThat(client.end(SmtpClient.text())).startsWith("250 ");
            gateway.write(yaml("127.41.0.1:0", ""));
            Cli.done(home, "reload");
            assertThat(client.submit(SmtpClient.text(), "again@conn.test")).startsWith("250 ");
            take("new.test", 1);
        }
        await().atMost(Mx.LIMIT).until(() -> mailsTo("conn.test").size() == 2 && mailsTo("new.test").size() == 2);
    }

    private static boolean refuses(InetSocketAddress address) throws IOException {
        try (SmtpClient _ = SmtpClient.connect(address)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void aBadFileIsRefusedWithEveryProblemAndTheOldOneStays() throws Exception {
        gateway.write(yaml("127.41.0.9:0", "bad.test: { max-smtp-uot: 3, max-msg-rate: fast }")
                .replace("default-virtual-mta: alpha", "default-virtual-mta: alhpa"));
        assertThat(Cli.refused(home, "reload").lines()).hasSize(3)
                .allMatch(l -> l.startsWith("caravan: " + home.resolve("caravan.yaml") + ":"))
                .anyMatch(l -> l.contains("max-smtp-uot")).anyMatch(l -> l.contains("fast"))
                .anyMatch(l -> l.contains("alhpa"));
        gateway.write(yaml("127.41.0.9:0", "") + "broker: { min-free-space: 1G }\n");
        assertThat(Cli.refused(home, "reload")).contains("broker is changed, which needs a restart");
        try (Mx taken = new Mx("127.41.0.4")) {
            gateway.write(yaml("127.41.0.9:0\", \"" + taken.hop(), ""));
            assertThat(Cli.refused(home, "reload")).contains("cannot listen on " + taken.hop());
        }
        assertThat(gateway.gateway().listeners()).singleElement()
                .satisfies(l -> assertThat(l.getAddress().getHostAddress()).isEqualTo("127.41.0.1"));
        take("after.test", 1);
        await().atMost(Mx.LIMIT).until(() -> mailsTo("after.test").size() == 1);
    }

    // ---------------------------------------------------------------- socket

    @Test
    void whoSaysNothingOrNonsenseKeepsNobodyElseWaiting() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(home.resolve("control/socket"));
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++)
                silent.add(SocketChannel.open(address));
            assertThat(answer(address, "\u0000\u00ff{]\n")).contains("\"ok\":false");
            assertThat(answer(address, "[1,2]\n")).contains("\"ok\":false");
            assertThat(answer(address, "{\"do\":\"shutdown\"}\n")).contains("no command");
            assertThat(answer(address, "{\"do\":{\"a\":1},\"queues\":7}\n")).contains("\"ok\":false");
            assertThat(answer(address, "{\"do\":\"delete\",\"queues\":{}}\n")).contains("\"ok\":false");
            assertThat(answer(address, "x".repeat(4 << 20) + "\n")).as("a huge line is not even read").isEmpty();
            long asked = System.nanoTime();
            Cli.done(home, "show", "status");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(EFFECT);
        } finally {
            for (SocketChannel s : silent)
                s.close();
        }
    }

    /** Up to the end of the connection; empty when it is just closed. */
    private static String answer(UnixDomainSocketAddress address, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(address);
            try {
                ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
                while (bytes.hasRemaining())
                    channel.write(bytes);
                return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return ""; // closed while we still wrote
            }
        }
    }

    @Test
    void nobodyElseMaySteer() throws Exception {
        Path folder = home.resolve("control");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        Programs.requireRoot();
        String[] asNobody = { Programs.require("setpriv").toString(), "--reuid=65534", "--regid=65534",
                "--clear-groups", Programs.require("perl").toString(), "-MIO::Socket::UNIX", "-e",
                "$SIG{PIPE} = 'IGNORE'; $s = IO::Socket::UNIX->new($ARGV[0]) or do { print \"no way: $!\"; exit }; "
                        + "print $s qq({\"do\":\"delete\",\"queues\":\"*/*\"}\\n); print <$s>",
                folder.resolve("socket").toString() };
        for (Path p = home; p.getParent() != null
                && p.startsWith(System.getProperty("java.io.tmpdir")); p = p.getParent())
            if (!p.equals(Path.of(System.getProperty("java.io.tmpdir"))))
                Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(Programs.run(asNobody)).contains("Permission denied");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(folder.resolve("socket"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(Programs.run(asNobody)).as("were the folder open").contains("may not steer this gateway");
    }

    @Test
    void viewsShowWhatWaits() throws Exception {
        Cli.done(home, "pause", "*/beta");
        take("view.test", 3, "X-Virtual-MTA: beta", "X-Job: look", "X-EnvID: e1");
        awaitWaiting("view.test/beta", 3);
        assertThat(Cli.done(home, "show", "queues").lines().skip(1)).first().asString().startsWith("view.test/beta ");
        assertThat(Cli.done(home, "show", "vmtas")).containsPattern("beta +3 .* paused");
        assertThat(Cli.done(home, "show", "domains")).containsPattern("view\\.test +3 ");
        assertThat(Cli.done(home, "list", "view.test/*", "--max-items", "2").lines()).hasSize(3);
        JsonNode listed = json("list", "*/beta", "--env-id", "e1").path("messages");
        assertThat(listed.findValuesAsText("queue")).hasSize(3).containsOnly("view.test/beta");
        assertThat(IntStream.range(0, 3).mapToObj(i -> listed.path(i).path("rcpt").path(0).asText()))
                .containsExactlyInAnyOrder("0@view.test", "1@view.test", "2@view.test");
        assertThat(json("show", "status").path("messagesWaiting").asInt()).isEqualTo(3);
    }
}
