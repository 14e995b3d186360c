package org.caravanmta.artemis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQBuffers;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.LargeServerMessage;

import org.caravanmta.submission.broker.Letter;
import org.caravanmta.submission.broker.UnreadableLetterException;

/** A letter as the broker has it, whichever protocol it came by. */
final class BrokerLetter implements Letter {

    /** Longer text, and longer messages of AMQP, would have to be held in memory. */
    private static final int MAX_IN_MEMORY_BYTES = 32 << 20;
    private static final SimpleString AMQP_ID = SimpleString.of("NATIVE_MESSAGE_ID");
    private static final SimpleString CORRELATION = SimpleString.of("JMSCorrelationID");
    private static final String[] QUEUE_PREFIXES = { "queue://", "temp-queue://" };

    private final Message original;
    private final ICoreMessage core;

    /** @throws UnreadableLetterException it is too long to be looked into */
    BrokerLetter(Message original) throws UnreadableLetterException {
        this.original = original;
        if (!(original instanceof ICoreMessage) && original.getWholeMessageSize() > MAX_IN_MEMORY_BYTES)
            throw new UnreadableLetterException("A message of AMQP may have " + MAX_IN_MEMORY_BYTES + " bytes");
        this.core = original.toCore();
    }

    @Override
    public String user() {
        return SenderStamp.user(original);
    }

    @Override
    public String number() {
        return Long.toString(original.getMessageID());
    }

    @Override
    public String property(String name) {
        return switch (core.getObjectProperty(SimpleString.of(name))) {
            case SimpleString s -> s.toString();
            case String s -> s;
            case Number n -> n.toString();
            case null, default -> null;
        };
    }

    @Override
    public boolean answerable() {
        return answerAddress() != null;
    }

    /** Null when no answer is wanted, or it may not go where it is wanted. */
    SimpleString answerAddress() {
        SimpleString address = core.getReplyTo();
        if (address == null)
            return null;
        String name = address.toString();
        for (String prefix : QUEUE_PREFIXES)
            if (name.startsWith(prefix))
                name = name.substring(prefix.length());
        return ClientGuard.answers(user(), name) ? SimpleString.of(name) : null;
    }

    /** What its sender knows the answer by: its own correlation id, or else its message id; may be null. */
    String correlation() {
        Object own = core.getObjectProperty(CORRELATION);
        if (own != null)
            return own.toString();
        Object amqp = core.getObjectProperty(AMQP_ID);
        if (amqp != null)
            return amqp.toString();
        return core.getUserID() == null ? null : "ID:" + core.getUserID();
    }

    @Override
    public InputStream content() throws IOException, UnreadableLetterException {
        if (Boolean.TRUE.equals(core.getObjectProperty(Message.HDR_LARGE_COMPRESSED)))
            throw new UnreadableLetterException("Compressed message: switch the compression of the client off");
        return switch (core.getType()) {
            case Message.BYTES_TYPE, Message.DEFAULT_TYPE -> bytes();
            case Message.TEXT_TYPE -> text();
            default -> throw new UnreadableLetterException("Neither a bytes message nor a text message");
        };
    }

    private InputStream bytes() throws IOException {
        return core instanceof LargeServerMessage large ? LargeContent.open(large)
                : new ByteArrayInputStream(all(core.getReadOnlyBodyBuffer()));
    }

    private InputStream text() throws IOException, UnreadableLetterException {
        SimpleString text = body().readNullableSimpleString();
        return new ByteArrayInputStream(
                text == null ? new byte[0] : text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ActiveMQBuffer body() throws IOException, UnreadableLetterException {
        if (!(core instanceof LargeServerMessage large))
            return core.getReadOnlyBodyBuffer();
        try {
            if (large.getLargeBody().getBodySize() > 2L * MAX_IN_MEMORY_BYTES)
                throw new UnreadableLetterException("A text message may have " + MAX_IN_MEMORY_BYTES
                        + " characters: send a bytes message");
        } catch (ActiveMQException e) {
            throw new IOException(e);
        }
        try (InputStream in = LargeContent.open(large)) {
            return ActiveMQBuffers.wrappedBuffer(in.readAllBytes());
        }
    }

    private static byte[] all(ActiveMQBuffer body) {
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        return bytes;
    }

    /** Its beginning, for people. */
    byte[] beginning(int maxBytes) {
        try (InputStream in = core.getType() == Message.TEXT_TYPE ? text() : bytes()) {
            return in.readNBytes(maxBytes);
        } catch (IOException | UnreadableLetterException | RuntimeException _) {
            return new byte[0];
        }
    }
}
