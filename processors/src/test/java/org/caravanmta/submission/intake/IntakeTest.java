package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {

    private static final String RIGHTS = "always-allow-relaying: yes, process-x-virtual-mta: yes";
    private static final Envelope ENVELOPE = new Envelope("a@from.example", List.of(new Recipient("b@to.example")),
            false, "vmta1", null, "env1", null, null);
    private static final int INLINE_LIMIT = 64 * 1024;

    @TempDir
    private Path folder;
    private Reply notNow;
    private Intake intake;

    @BeforeEach
    void open() throws IOException {
        intake = Intake.open(folder, INLINE_LIMIT, () -> notNow,
                Clock.fixed(Instant.parse("2026-11-03T04:05:06Z"), ZoneOffset.UTC));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(SubmittedMessage m) throws IOException {
        try (InputStream in = m.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private SubmittedMessage take(String directives, String text) throws Exception {
        return intake.take(Handovers.of(RIGHTS, directives), ENVELOPE, stream(text));
    }

    private void refused(String directives, String text, String status) {
        assertThatThrownBy(() -> take(directives, text)).asInstanceOf(type(RefusedException.class))
                .extracting(e -> e.reply().code() + " " + e.reply().enhanced()).isEqualTo(status);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void messageIsTheSameAsBySmtp() throws Exception {
        SubmittedMessage m = take("", "X-Job: j1\nx-virtual-mta: v2\nSubject: \u00fc\n\n.dot\nlast");
        assertThat(text(m)).matches("""
                Received: from folder1
                \tby mta\\.example with pickup id [0-9a-z]+;
                \tTue, 3 Nov 2026 04:05:06 \\+0000
                Subject: \u00fc

                .dot
                last
                """.replace("\n", "\r\n"));
        assertThat(m).extracting(SubmittedMessage::reversePath, SubmittedMessage::recipients,
                SubmittedMessage::bodyType, SubmittedMessage::virtualMta, SubmittedMessage::xVirtualMta,
                SubmittedMessage::jobId, SubmittedMessage::envId, SubmittedMessage::srcType)
                .containsExactly("a@from.example", ENVELOPE.recipients(), BodyType.EIGHT_BIT_MIME, "vmta1", "v2", "j1",
                        "env1", "pickup");
    }

    @Test
    void largeMessageIsSpooledUntilItIsDiscarded() throws Exception {
        String body = "line\n".repeat(INLINE_LIMIT);
        SubmittedMessage m = take("", "Subject: x\n\n" + body);
        assertThat(m.content()).isInstanceOf(MessageContent.Streamed.class);
        assertThat(text(m)).endsWith("Subject: x\r\n\r\n" + body.replace("\n", "\r\n"));
        assertThat(Files.list(folder)).hasSize(1);
        m.discard().run();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void wrongContentIsRefusedAndLeavesNothing() {
        refused("", "Subject: x\n\na\rb\n", "550 5.6.0");
        refused("", "Subject: x\n\nends in\r", "550 5.6.0");
        refused("", "Subject: x\n\na\0b\n", "550 5.6.0");
        refused("", "x-job: a\tb\u0001\n\n", "550 5.6.0");
        refused("max-message-size: 1k", "Subject: x\n\n" + "line\n".repeat(INLINE_LIMIT), "552 5.3.4");
        refused("", "Subject: x\n\n" + "line\n".repeat(INLINE_LIMIT) + "\r", "550 5.6.0");
        refused("max-message-hops: 2", "Received: x\n".repeat(3) + "\n", "554 5.4.6");
    }

    @Test
    void brokenStreamLeavesNothing() {
        InputStream broken = new SequenceInputStream(stream("Subject: x\n\n" + "line\n".repeat(INLINE_LIMIT)),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("gone");
                    }
                });
        assertThatThrownBy(() -> intake.take(Handovers.of(RIGHTS, ""), ENVELOPE, broken))
                .isInstanceOf(IOException.class).hasMessage("gone");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nothingIsTakenWhereThereIsNoRoom() {
        notNow = Reply.of(452, "4.3.1", "Insufficient system storage");
        refused("", "Subject: x\n\n", "452 4.3.1");
    }
}
