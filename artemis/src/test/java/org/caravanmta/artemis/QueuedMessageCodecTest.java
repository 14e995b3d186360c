package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Notify;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.junit.jupiter.api.Test;

class QueuedMessageCodecTest {

    private static final byte[] CONTENT = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void whatIsWrittenIsRead() {
        QueuedMessage m = new QueuedMessage("v", "pool", "example.com", null, List.of(new Recipient("a@example.com")),
                BodyType.EIGHT_BIT_MIME, true, "job", "env", 17, 3, "smtp", "client (192.0.2.1)", "421 4.2.1 later",
                new MessageContent.Inline(CONTENT));
        byte[] bytes = QueuedMessageCodec.head(m).write(CONTENT, 0, CONTENT.length).toBytes();

        QueuedMessage read = QueuedMessageCodec.decode(bytes, 0, bytes.length);

        assertThat(read).usingRecursiveComparison().ignoringFields("content").isEqualTo(m);
        assertThat(read.content().sizeBytes()).isEqualTo(CONTENT.length);
    }

    @Test
    void whatIsAskedOfReportsStaysAndOlderVersionsAskNothing() {
        QueuedMessage m = new QueuedMessage("v", null, "example.com", "b@example.org",
                List.of(new Recipient("a@example.com", null, Notify.NEVER), new Recipient("b@example.com"),
                        new Recipient("c@example.com", "rfc822;d@example.com", new Notify(true, false, true))),
                BodyType.SEVEN_BIT, false, null, null, 17, 0, "smtp", "client", null, -1,
                new MessageContent.Inline(CONTENT), false, new DsnRequest("FULL", "id+2B", true, false, 99));
        for (QueuedMessage each : List.of(m, m.with(new DsnRequest("HDRS", null, false, true, 0)), m.with(null))) {
            byte[] bytes = QueuedMessageCodec.head(each).write(CONTENT, 0, CONTENT.length).toBytes();
            QueuedMessage read = QueuedMessageCodec.decode(bytes, 0, bytes.length);
            assertThat(read.dsn()).isEqualTo(each.dsn());
            assertThat(read.recipients()).isEqualTo(m.recipients());
            assertThat(read.deferred(read.recipients(), "x", 1).dsn()).isEqualTo(each.dsn());
        }
        QueuedMessage old = QueuedMessageCodec.decode(version(1), 0, version(1).length);
        assertThat(old.dsn()).isNull();
        assertThat(old.recipients().getFirst().notification()).isNull();
    }

    @Test
    void whatMustNotLeaveUnsignedIsKnownAsThat() {
        QueuedMessage m = new QueuedMessage("v", "example.com", null, List.of(new Recipient("a@example.com")),
                BodyType.SEVEN_BIT, false, null, null, 17, 0, "smtp", "client", null,
                new MessageContent.Inline(CONTENT));
        QueuedMessage waiting = m.waitingForSignature("no key");
        byte[] bytes = QueuedMessageCodec.head(waiting).write(CONTENT, 0, CONTENT.length).toBytes();

        QueuedMessage read = QueuedMessageCodec.decode(bytes, 0, bytes.length);

        assertThat(read.unsigned()).isTrue();
        assertThat(read.lastFailure()).isEqualTo("no key");
        for (QueuedMessage same : List.of(read.through("w", null), read.to(List.of()), read.deferred(List.of(), "x", 1),
                read.withContent(null)))
            assertThat(same.unsigned()).isTrue();
        assertThat(m.unsigned()).isFalse();
        assertThat(read.signed(read.content()).unsigned()).isFalse();
    }

    /** Mail that waits while the gateway is updated. */
    @Test
    void theFirstVersionHasNoPool() {
        QueuedMessage m = QueuedMessageCodec.decode(version(1), 0, version(1).length);

        assertThat(m.vmtaPool()).isNull();
        assertThat(m.firstAttemptMs()).isEqualTo(-1);
        assertThat(m.virtualMta()).isEqualTo("v");
        assertThat(m.destination()).isEqualTo("example.com");
        assertThat(m.recipients()).containsExactly(new Recipient("a@example.com", "rfc822;a@example.com"));
        assertThat(m.lastFailure()).isEqualTo("421 4.2.1 later");
        assertThat(m.attempts()).isEqualTo(3);
        assertThat(m.content().sizeBytes()).isEqualTo(CONTENT.length);
    }

    @Test
    void theTimeOfTheFirstAttemptStays() {
        byte[] old = version(1);
        QueuedMessage m = QueuedMessageCodec.decode(old, 0, old.length);
        QueuedMessage first = new QueuedMessage(m.virtualMta(), m.destination(), m.reversePath(), m.recipients(),
                m.bodyType(), false, null, null, 17, 0, "smtp", "x", null, m.content());
        QueuedMessage third = first.deferred(m.recipients(), "later", 100).deferred(m.recipients(), "later", 200);
        FieldWriter w = QueuedMessageCodec.head(third);
        byte[] bytes = w.write(CONTENT, 0, CONTENT.length).toBytes();

        assertThat(QueuedMessageCodec.decode(bytes, 0, bytes.length).firstAttemptMs()).isEqualTo(100);
    }

    @Test
    void aLaterVersionIsNotGuessedAt() {
        assertThatThrownBy(() -> QueuedMessageCodec.decode(version(5), 0, version(5).length))
                .hasMessageContaining("version 5");
    }

    private static byte[] version(int version) {
        FieldWriter w = new FieldWriter(256);
        w.writeByte(version).writeInt(0).writeLong(CONTENT.length).writeByte(1).writeLong(17).writeCount(3);
        w.writeText("v").writeText("example.com").writeText("from@example.org").writeCount(1);
        w.writeText("a@example.com").writeText("rfc822;a@example.com");
        w.writeText(null).writeText("env").writeText("smtp").writeText("client (192.0.2.1)");
        w.writeText("421 4.2.1 later");
        w.overwriteInt(1, w.length());
        return w.write(CONTENT, 0, CONTENT.length).toBytes();
    }
}
