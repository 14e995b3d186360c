package org.caravanmta.artemis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.message.LargeBodyReader;
import org.apache.activemq.artemis.core.server.LargeServerMessage;

import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;

/**
 * The content of a large message, read from the broker's own file as often as wanted until the message is settled. An
 * open stream keeps the file alive.
 */
final class LargeContent {

    private LargeContent() {
    }

    /** The whole body of a message that is not one of ours. */
    static InputStream open(LargeServerMessage large) throws IOException {
        return new BodyStream(large, 0);
    }

    /** Reads the head; the content stays where it is. */
    static QueuedMessage decode(LargeServerMessage large) throws IOException {
        try (InputStream in = new BodyStream(large, 0)) {
            byte[] prefix = in.readNBytes(QueuedMessageCodec.PREFIX_BYTES);
            int head = QueuedMessageCodec.headLength(prefix, 0, prefix.length);
            if (head > large.getLargeBody().getBodySize())
                throw new IllegalArgumentException("head longer than the body");
            byte[] bytes = new byte[head];
            System.arraycopy(prefix, 0, bytes, 0, prefix.length);
            if (in.readNBytes(bytes, prefix.length, head - prefix.length) != head - prefix.length)
                throw new EOFException("head cut off");
            return QueuedMessageCodec.decode(new FieldReader(bytes, 0, head), size -> content(large, head, size));
        } catch (ActiveMQException e) {
            throw new IOException(e);
        }
    }

    private static MessageContent content(LargeServerMessage large, int head, long size) {
        try {
            long found = large.getLargeBody().getBodySize() - head;
            if (found != size)
                throw new IllegalArgumentException(size + " bytes of content expected, " + found + " found");
        } catch (ActiveMQException e) {
            throw new IllegalArgumentException(e);
        }
        return new MessageContent.Streamed(size, () -> new BodyStream(large, head));
    }

    /** One pass over the file from {@code start} to its end; one thread at a time. */
    private static final class BodyStream extends InputStream {

        private final LargeServerMessage large;
        private final LargeBodyReader reader;
        private boolean closed;

        BodyStream(LargeServerMessage large, long start) throws IOException {
            this.large = large;
            large.toMessage().usageUp();
            try {
                // opening a file that is gone would create an empty one
                if (!large.getLargeBody().createFile().exists())
                    throw new IOException("message " + large.getMessageID() + " is settled, its content is gone");
                reader = large.getLargeBodyReader();
                reader.open();
                reader.position(start);
            } catch (ActiveMQException e) {
                large.toMessage().usageDown();
                throw new IOException(e);
            } catch (IOException e) {
                large.toMessage().usageDown();
                throw e;
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0)
                return 0;
            try {
                int n = reader.readInto(ByteBuffer.wrap(bytes, offset, length));
                return n <= 0 ? -1 : n;
            } catch (ActiveMQException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed)
                return;
            closed = true;
            try {
                reader.close();
            } catch (ActiveMQException e) {
                throw new IOException(e);
            } finally {
                large.toMessage().usageDown();
            }
        }
    }
}
