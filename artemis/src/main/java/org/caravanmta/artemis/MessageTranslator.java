package org.caravanmta.artemis;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import io.netty.buffer.ByteBuf;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.LargeServerMessage;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.MessageStore.Placement;

/**
 * Message Translator between {@link QueuedMessage} and what the broker stores. Body: {@link QueuedMessageCodec}.
 * Properties: copies of a few fields, only for filters and people; nothing is read back from them except the reason of
 * a parked message. Any thread; large messages block on the disk.
 */
final class MessageTranslator {

    /** Head and content up to this size are one journal record; above, the body is a file of its own. */
    static final int INLINE_LIMIT = 256 << 10;

    private static final SimpleString VMTA = SimpleString.of("vmta");
    private static final SimpleString VMTA_POOL = SimpleString.of("vmtaPool");
    private static final SimpleString DOMAIN = SimpleString.of("domain");
    private static final SimpleString JOB = SimpleString.of("job");
    private static final SimpleString ORIG = SimpleString.of("orig");
    private static final SimpleString RCPT = SimpleString.of("rcpt");
    private static final SimpleString RCPTS = SimpleString.of("rcpts");
    private static final SimpleString QUEUED_AT = SimpleString.of("queuedAt");
    private static final SimpleString ATTEMPTS = SimpleString.of("attempts");
    private static final SimpleString ENV = SimpleString.of("env");
    private static final SimpleString REASON = SimpleString.of("reason");
    /** Texts in properties are for people: a longer one is cut, so that no client can fill a journal record. */
    private static final int PROPERTY_CHARS = 512;
    private static final int COPY_BYTES = 128 << 10;

    private final StorageManager storage;

    MessageTranslator(StorageManager storage) {
        this.storage = storage;
    }

    /** Whether storing it means to write a file. */
    static boolean isLarge(QueuedMessage message) {
        return !message.content().inMemory() || message.content().sizeBytes() > INLINE_LIMIT
                || message.recipients().size() > 500;
    }

    /** A new broker message, ready to be routed. A large one has its body on the disk already. */
    Message toBroker(Placement placement, SimpleString address) throws Exception {
        QueuedMessage m = placement.message();
        FieldWriter head = QueuedMessageCodec.head(m);
        long body = head.length() + m.content().sizeBytes();
        if (body > INLINE_LIMIT)
            return large(properties(placement, address, 0), head, m.content());
        CoreMessage message = properties(placement, address, (int) body);
        message.getBodyBuffer().writeBytes(head.array(), 0, head.length());
        write(m.content(), message.getBodyBuffer());
        return message;
    }

    private static void write(MessageContent content, ActiveMQBuffer to) throws IOException {
        switch (content) {
            case MessageContent.Inline c -> to.writeBytes(c.array(), c.offset(), c.length());
            case MessageContent.Headed c -> {
                to.writeBytes(c.fields(), 0, c.fields().length);
                write(c.message(), to);
            }
            case MessageContent.Streamed c -> {
                byte[] bytes = readAll(c);
                to.writeBytes(bytes, 0, bytes.length);
            }
        }
    }

    private CoreMessage properties(Placement placement, SimpleString address, int bodyBytes) {
        QueuedMessage m = placement.message();
        CoreMessage message = new CoreMessage(storage.generateID(), bodyBytes + 512);
        message.setType(Message.BYTES_TYPE);
        message.setDurable(true);
        message.setAddress(address);
        message.setTimestamp(m.queuedAtMs());
        put(message, VMTA, m.virtualMta());
        put(message, VMTA_POOL, m.vmtaPool());
        put(message, DOMAIN, m.destination());
        put(message, JOB, m.jobId());
        put(message, ORIG, m.reversePath() == null ? "" : m.reversePath());
        put(message, RCPT, m.recipients().isEmpty() ? null : m.recipients().getFirst().address());
        put(message, ENV, m.envId());
        put(message, REASON, placement.reason());
        message.putIntProperty(RCPTS, m.recipients().size());
        message.putIntProperty(ATTEMPTS, m.attempts());
        message.putLongProperty(QUEUED_AT, m.queuedAtMs());
        return message;
    }

    private static void put(CoreMessage message, SimpleString key, String value) {
        if (value != null)
            message.putStringProperty(key, SimpleString.of(cut(value)));
    }

    static String cut(String value) {
        return value.length() <= PROPERTY_CHARS ? value : value.substring(0, PROPERTY_CHARS);
    }

    private Message large(CoreMessage properties, FieldWriter head, MessageContent content) throws Exception {
        LargeServerMessage large = storage.createCoreLargeMessage(properties.getMessageID(), properties);
        try (InputStream in = content.open()) {
            large.addBytes(head.toBytes());
            long left = content.sizeBytes();
            while (left > 0) {
                byte[] part = in.readNBytes((int) Math.min(left, COPY_BYTES));
                if (part.length == 0)
                    throw new IOException("content ends " + left + " bytes too early");
                large.addBytes(part);
                left -= part.length;
            }
            large.toMessage().putLongProperty(Message.HDR_LARGE_BODY_SIZE, head.length() + content.sizeBytes());
            large.releaseResources(true, true);
            return large.toMessage();
        } catch (Exception e) {
            discard(large.toMessage());
            throw e;
        }
    }

    private static byte[] readAll(MessageContent content) throws IOException {
        try (InputStream in = content.open()) {
            byte[] bytes = in.readNBytes((int) content.sizeBytes());
            if (bytes.length != content.sizeBytes())
                throw new IOException("content ends " + (content.sizeBytes() - bytes.length) + " bytes too early");
            return bytes;
        }
    }

    /** Removes the file of a message that was made and then not routed. */
    static void discard(Message message) throws Exception {
        if (message instanceof LargeServerMessage large)
            large.deleteFile();
    }

    /**
     * What the broker stores, as a queued message whose content refers to the broker's bytes or file.
     *
     * @throws IllegalArgumentException the bytes are not what this class wrote
     */
    QueuedMessage fromBroker(Message message) throws IOException {
        if (message instanceof LargeServerMessage large)
            return LargeContent.decode(large);
        CoreMessage core = (CoreMessage) message.toCore();
        int length = core.getBodyBufferSize();
        ByteBuf buffer = core.getBuffer();
        if (buffer.hasArray())
            return QueuedMessageCodec.decode(buffer.array(), buffer.arrayOffset() + CoreMessage.BODY_OFFSET, length);
        byte[] copy = new byte[length];
        buffer.getBytes(CoreMessage.BODY_OFFSET, copy);
        return QueuedMessageCodec.decode(copy, 0, length);
    }

    /** What the properties tell of a message whose body cannot be read; the content is empty. */
    static QueuedMessage outline(Message message) {
        String orig = text(message, ORIG);
        Integer attempts = message.containsProperty(ATTEMPTS) ? message.getIntProperty(ATTEMPTS) : Integer.valueOf(0);
        String rcpt = text(message, RCPT);
        return new QueuedMessage(text(message, VMTA), text(message, VMTA_POOL), text(message, DOMAIN),
                "".equals(orig) ? null : orig,
                rcpt == null ? List.of() : List.of(new Recipient(rcpt)), BodyType.SEVEN_BIT, false,
                text(message, JOB), text(message, ENV), message.getTimestamp(), attempts, null, null, null,
                new MessageContent.Inline(new byte[0]));
    }

    private static String text(Message message, SimpleString key) {
        SimpleString value = message.getSimpleStringProperty(key);
        return value == null ? null : value.toString();
    }

    static String reason(Message message) {
        return text(message, REASON);
    }

    static void setReason(Message message, String reason) {
        message.putStringProperty(REASON, SimpleString.of(cut(reason)));
    }
}
