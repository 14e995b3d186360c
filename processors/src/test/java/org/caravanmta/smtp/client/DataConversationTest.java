package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes over the wire between 354 and the final reply. */
@ParameterizedClass
@EnumSource(Client.Transport.class)
@Timeout(60)
class DataConversationTest {

    @Parameter
    Client.Transport transport;

    private static void envelope(ScriptedPeer.Talk t) throws Exception {
        t.expect("MAIL FROM:<from@example.org>", "RCPT TO:<a@example.com>", "DATA");
        t.say("250 ok", "250 ok", "354 go");
    }

    private void arrives(MessageContent content, byte[] expected) throws Exception {
        byte[][] seen = new byte[1][];
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            envelope(t);
            seen[0] = t.data();
            t.say("250 ok");
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(content, "a@example.com"));
            assertThat(f.failure()).isNull();
            assertThat(f.result().bytesSent()).isEqualTo(expected.length);
            assertThat(f.reusable()).isTrue();
            assertThat(Arrays.equals(seen[0], expected)).as("content arrives as it was").isTrue();
        }
    }

    @Test
    void dotsAtLineStartsArriveOnce() throws Exception {
        for (String s : new String[] { ".\r\n", "..\r\n", "a\r\n.\r\n", "a\r\n.\r\n.b\r\n..c\r\n",
                "a.\r\nb\n.\r\n.\r\n",
                "\r\n\r\n.\r\n", "" })
            arrives(new MessageContent.Inline(s.getBytes(StandardCharsets.US_ASCII)),
                    s.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void sliceOfAnArrayIsSentAlone() throws Exception {
        byte[] array = "...secret\r\n.body\r\n.rest".getBytes(StandardCharsets.US_ASCII);
        arrives(new MessageContent.Inline(array, 11, 7), ".body\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void largeInlineContentArrives() throws Exception {
        byte[] content = lines(BodyWriter.ONE_BUFFER * 5);
        arrives(new MessageContent.Inline(content), content);
    }

    @Test
    void largeStreamedContentArrivesAndItsStreamIsClosed() throws Exception {
        byte[] content = lines(8_000_000);
        AtomicInteger open = new AtomicInteger();
        arrives(new MessageContent.Streamed(content.length, () -> {
            open.incrementAndGet();
            return new ByteArrayInputStream(content) {
                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }), content);
        assertThat(open).hasValue(0);
    }

    /** A peer that reads nothing stops the reading of the content: no more than some chunks are in memory. */
    @Test
    void slowPeerStopsTheStream() throws Exception {
        long size = 200_000_000;
        AtomicInteger chunks = new AtomicInteger();
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            envelope(t);
            t.silence();
        });
                var client = new Client(transport)
                        .timeouts(Client.timeouts(Duration.ofMillis(500), Duration.ZERO)).connect(peer).ready()) {
            var f = client.send(Client.message(new MessageContent.Streamed(size, () -> new Endless(chunks)),
                    "a@example.com"));
            assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
            assertThat(f.failure().stage()).as("the final dot was never sent").isEqualTo(Stage.DATA);
            assertThat(f.reusable()).isFalse();
            assertThat((long) chunks.get() * BodyWriter.CHUNK).isLessThan(30_000_000);
        }
    }

    @Test
    void unreadableContentNeverEndsWithADot() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            envelope(t);
            try {
                t.data();
                throw new AssertionError("message ended");
            } catch (java.io.EOFException e) {
                // as it should be
            }
        }); var client = new Client(transport).connect(peer).ready()) {
            byte[] half = lines(100_000);
            var f = client.send(Client.message(
                    new MessageContent.Streamed(200_000, () -> new ByteArrayInputStream(half)), "a@example.com"));
            assertThat(f.failure().cause()).isEqualTo(Cause.CONNECTION_LOST);
            assertThat(f.failure().detail()).contains("content ends before its 200000 bytes");
            assertThat(f.reusable()).isFalse();
        }
    }

    @Test
    void contentThatCannotBeOpenedIsAFailure() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            envelope(t);
            t.expectClose();
        }); var client = new Client(transport).connect(peer).ready()) {
            QueuedMessage message = Client.message(new MessageContent.Streamed(10, () -> {
                throw new IOException("spool file is gone");
            }), "a@example.com");
            assertThat(client.send(message).failure().detail()).contains("spool file is gone");
        }
    }

    /** The peer's last words are heard although writing to it has failed. */
    @Test
    void refusalInTheMiddleOfDataIsHeard() throws Exception {
        AtomicInteger chunks = new AtomicInteger();
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            envelope(t);
            t.skip(100_000);
            t.say("552 5.3.4 too much");
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(new MessageContent.Streamed(200_000_000, () -> new Endless(chunks)),
                    "a@example.com"));
            assertThat(f.failure().text()).isEqualTo("552 5.3.4 too much");
            assertThat(f.failure().stage()).isEqualTo(Stage.DATA);
            assertThat(f.reusable()).isFalse();
        }
    }

    @Test
    void acceptanceBeforeTheFinalDotIsNoAcceptance() throws Exception {
        AtomicInteger chunks = new AtomicInteger();
        try (var peer = new ScriptedPeer(t -> {
            t.hello("PIPELINING");
            envelope(t);
            t.skip(100);
            t.say("250 thanks");
            t.silence();
        }); var client = new Client(transport).connect(peer).ready()) {
            var f = client.send(Client.message(new MessageContent.Streamed(200_000_000, () -> new Endless(chunks)),
                    "a@example.com"));
            assertThat(f.failure().cause()).isEqualTo(Cause.PROTOCOL);
            assertThat(f.result().accepted()).isNull();
        }
    }

    private static byte[] lines(int size) {
        byte[] b = new byte[size];
        for (int i = 0; i < size; i++)
            b[i] = (byte) (i % 61 == 59 ? '\r' : i % 61 == 60 ? '\n' : i % 61 == 0 ? '.' : 'a' + i % 26);
        b[size - 2] = '\r';
        b[size - 1] = '\n';
        return b;
    }

    private static final class Endless extends InputStream {
        private final AtomicInteger chunks;

        private Endless(AtomicInteger chunks) {
            this.chunks = chunks;
        }

        @Override
        public int read() {
            return 'x';
        }

        @Override
        public int read(byte[] b, int off, int len) {
            chunks.incrementAndGet();
            Arrays.fill(b, off, off + len, (byte) 'x');
            return len;
        }
    }
}
