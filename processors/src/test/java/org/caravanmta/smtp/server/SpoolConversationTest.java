package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.zip.CRC32;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.dkim.BodyHash;
import org.caravanmta.message.MessageContent;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.management.ThreadMXBean;

/** Large messages go through a file, which is gone as soon as nobody needs it. */
@Timeout(60)
class SpoolConversationTest {

    private static final byte[] HEADER = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MEGABYTE = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n"
            .repeat(16 * 1024).getBytes(StandardCharsets.US_ASCII);

    private static void sendLarge(Talk t, int megabytes) throws Exception {
        t.data();
        t.raw(HEADER);
        for (int i = 0; i < megabytes; i++)
            t.raw(MEGABYTE);
    }

    private static long crc(InputStream in) throws Exception {
        try (in) {
            CRC32 crc = new CRC32();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer))
                crc.update(buffer, 0, n);
            return crc.getValue();
        }
    }

    private static long allocatedBytes(TestServer server) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return server.inLoop(threads::getCurrentThreadAllocatedBytes);
    }

    @Test
    void fiftyMegabytesTakeLittleMemory() throws Exception {
        try (var server = new TestServer().answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            long before = allocatedBytes(server);
            sendLarge(t, 50);
            t.raw(".\r\n");
            var taken = server.taken();
            assertThat(allocatedBytes(server) - before).as("heap that was ever used").isLessThan(5_000_000);
            assertThat(server.memory().metric().usedDirectMemory()).isLessThan(1_000_000);
            assertThat(server.spooled()).hasSize(1);

            MessageContent content = taken.message().content();
            assertThat(content.sizeBytes()).isEqualTo(HEADER.length + 50L * MEGABYTE.length);
            CRC32 sent = new CRC32();
            sent.update(HEADER);
            for (int i = 0; i < 50; i++)
                sent.update(MEGABYTE);
            assertThat(crc(content.open())).isEqualTo(sent.getValue());
            assertThat(crc(content.open())).as("as often as wanted").isEqualTo(sent.getValue());
            taken.answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued");
            assertThat(server.spooled()).isEmpty();
        }
    }

    /** Where mail may be signed; elsewhere it costs nothing. */
    @Test
    void theBodyIsHashedWhileItPasses(@TempDir Path folder) throws Exception {
        Path key = Files.createFile(folder.resolve("key.pem"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(KeyPairGenerator
                .getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n");
        for (String directives : new String[] { "domain-key: \"s,example.com," + key + "\"\n", "" })
            try (var server = new TestServer(directives).inlineLimitBytes(4096)
                    .answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
                for (String body : new String[] { "\r\nword \t word \r\n", "\r\n\r\n\r\n",
                        "body, no blank line\r\n" }) {
                    String text = body + "x".repeat(70) + " \r\n" + "line of  text\r\n".repeat(10_000) + "\r\n\r\n";
                    t.data();
                    t.raw(("Subject: x\r\n" + text + ".\r\n").getBytes(StandardCharsets.US_ASCII));
                    var taken = server.taken();
                    BodyHash expected = new BodyHash(Canonicalization.RELAXED);
                    int start = text.startsWith("\r\n") ? 2 : 0;
                    expected.update(text.getBytes(StandardCharsets.US_ASCII), start, text.length());
                    assertThat(((MessageContent.Streamed) taken.message().content()).relaxedBodyHash())
                            .isEqualTo(directives.isEmpty() ? null : expected.finish());
                    taken.answer(Submissions.QUEUED);
                    t.expect("250 2.6.0 queued");
                }
            }
    }

    @Test
    void anyAnswerDiscardsTheFile() throws Exception {
        try (var server = new TestServer().answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            for (Reply reply : new Reply[] { Reply.of(250, "2.6.0", "ok"), Reply.of(452, "4.3.1", "no"),
                    Reply.of(550, "5.7.1", "no") }) {
                sendLarge(t, 1);
                t.raw(".\r\n");
                var taken = server.taken();
                assertThat(server.spooled()).hasSize(1);
                taken.answer(reply);
                t.expect(reply.toString());
                assertThat(server.spooled()).isEmpty();
            }
        }
    }

    @Test
    void refusalDiscardsTheFileAtOnce() throws Exception {
        try (var server = new TestServer("max-message-size: 2M").start(); var t = server.client()) {
            sendLarge(t, 1);
            TestServer.eventually("spooled", () -> server.spooled().size() == 1);
            t.raw("bare\nline end\r\n");
            server.segments().awaitAll();
            assertThat(server.spooled()).isEmpty();
            t.raw(".\r\n");
            t.expect("550 5.6.0 Bare CR or bare LF in message: lines end in CR LF");
            sendLarge(t, 3);
            server.segments().awaitAll();
            assertThat(server.spooled()).isEmpty();
            t.raw(".\r\n");
            t.expect("552 5.3.4 Message too big");
        }
    }

    @Test
    void disconnectDiscardsTheFile() throws Exception {
        try (var server = new TestServer().start(); var t = server.client(); var other = server.client()) {
            sendLarge(t, 1);
            TestServer.eventually("spooled", () -> server.spooled().size() == 1);
            t.leave();
            TestServer.eventually("discarded", () -> server.spooled().isEmpty());
            sendLarge(other, 1);
            TestServer.eventually("spooled", () -> server.spooled().size() == 1);
            other.reset();
            TestServer.eventually("discarded", () -> server.spooled().isEmpty());
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    @Test
    void resetBetweenChunksDiscardsTheFile() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            for (String command : new String[] { "RSET", "EHLO client.example", "QUIT" }) {
                t.envelope();
                t.raw("BDAT " + MEGABYTE.length + "\r\n");
                t.raw(MEGABYTE);
                t.expect("250 2.0.0 Chunk received");
                assertThat(server.spooled()).hasSize(1);
                t.say(command, "NOOP");
                server.segments().awaitAll();
                assertThat(server.spooled()).isEmpty();
                for (String line = ""; !line.equals("250 2.0.0 OK") && !line.startsWith("221 ");)
                    line = t.line();
                if (command.equals("RSET"))
                    t.expect("250 2.0.0 OK");
            }
        }
    }

    /** The message belongs to the next handler then: it may still be reading. */
    @Test
    void fileOutlivesAClientThatLeavesWhileItsMessageIsSubmitted() throws Exception {
        try (var server = new TestServer().answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            sendLarge(t, 1);
            t.raw(".\r\n");
            var taken = server.taken();
            t.leave();
            TestServer.eventually("closed", () -> server.context().openConnections() == 0);
            assertThat(crc(taken.message().content().open())).isNotZero();
            taken.message().discard().run();
            taken.message().discard().run();
            assertThat(server.spooled()).isEmpty();
        }
    }
}
