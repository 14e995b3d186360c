package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that is faster than we are waits in its own operating system. */
@ParameterizedClass
@EnumSource(TestServer.Transport.class)
@Timeout(60)
class BackPressureConversationTest {

    private static final int FLOOD = 20_000;
    private static final String NOOP = "NOOP " + "x".repeat(1_993) + "\r\n";

    @Parameter
    TestServer.Transport transport;

    private final ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void writerEnds() {
        writer.shutdownNow();
    }

    private Future<?> flood(Talk t, String line) {
        Callable<Void> flood = () -> {
            for (int i = 0; i < FLOOD; i++)
                t.raw(line);
            return null;
        };
        return writer.submit(flood);
    }

    private static void expectAll(Talk t, String reply) throws IOException {
        for (int i = 0; i < FLOOD; i++)
            t.expect(reply);
    }

    @Test
    void nothingIsReadBehindAMessageThatWaits() throws Exception {
        try (var server = new TestServer().transport(transport).answer(Submissions.BY_THE_TEST).start();
                var t = server.client()) {
            t.send("Subject: x\r\n\r\n");
            var taken = server.taken();
            assertThat(server.channel().config().isAutoRead()).as("the client's close would be noticed").isTrue();
            Future<?> flood = flood(t, NOOP);
            TestServer.eventually("reading stops", () -> !server.channel().config().isAutoRead());
            long seen = server.inLoop(() -> server.segments().seen());
            assertThat(seen).isLessThan(2_500_000);
            assertThat(server.inLoop(() -> server.segments().seen())).isEqualTo(seen);
            assertThat(flood.isDone()).isFalse();
            taken.answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued");
            expectAll(t, "250 2.0.0 OK");
            flood.get(10, TimeUnit.SECONDS);
            assertThat(server.channel().config().isAutoRead()).isTrue();
        }
    }

    @Test
    void nothingIsReadFromAClientThatDoesNotReadItsReplies() throws Exception {
        try (var server = new TestServer().transport(transport).start(); var t = server.client()) {
            Future<?> flood = flood(t, "HELP " + "x".repeat(500) + "\r\n");
            TestServer.eventually("reading stops", () -> !server.channel().config().isAutoRead());
            assertThat(server.memory().metric().usedDirectMemory()).isLessThan(5_000_000);
            expectAll(t, "214 2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT (RFC 5321)");
            flood.get(10, TimeUnit.SECONDS);
            t.quit();
        }
    }

    /** It would keep its place for ever, since its last reply can never be written. */
    @Test
    void clientThatNeverReadsIsCutOff() throws Exception {
        try (var server = new TestServer("smtp-command-timeout: 1s", "smtp-data-timeout: 1s").transport(transport)
                .start(); var t = server.client()) {
            flood(t, "HELP " + "x".repeat(500) + "\r\n");
            TestServer.eventually("reading stops", () -> !server.channel().config().isAutoRead());
            TestServer.eventually("cut off", () -> server.context().openConnections() == 0);
        }
    }

    @Test
    void serverGoesOnWithOthersMeanwhile() throws Exception {
        try (var server = new TestServer().transport(transport).answer(Submissions.BY_THE_TEST).start();
                var waiting = server.client();
                var other = server.client()) {
            waiting.send("Subject: x\r\n\r\n");
            var first = server.taken();
            other.send("Subject: y\r\n\r\n");
            server.taken().answer(Submissions.QUEUED);
            other.expect("250 2.6.0 queued");
            assertThat(waiting.silent()).isTrue();
            first.answer(Submissions.QUEUED);
            waiting.expect("250 2.6.0 queued");
        }
    }
}
