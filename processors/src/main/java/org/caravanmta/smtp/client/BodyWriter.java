package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.InputStream;

import org.caravanmta.message.MessageContent;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Writes the data of one message and its end. Small content goes out in one buffer with its final dot; larger content
 * in chunks, as fast as the socket takes them, so that memory per connection is constant. Content is copied once, into
 * the direct buffer that the transport would need anyway.
 */
final class BodyWriter {

    static final int CHUNK = 32 * 1024;
    static final int ONE_BUFFER = 64 * 1024;
    /** Other connections of the loop get their turn after so many chunks. */
    private static final int CHUNKS_PER_TURN = 8;
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[CHUNK];
        }
    };

    private final Channel channel;
    private final MessageContent content;
    private final ChannelFutureListener lastWritten;
    private final DotStuffer stuffer = new DotStuffer();
    private InputStream in;
    private long position;
    private boolean done;

    /** @param lastWritten told when the final dot has been handed to the operating system, or why it could not be */
    BodyWriter(Channel channel, MessageContent content, ChannelFutureListener lastWritten) {
        this.channel = channel;
        this.content = content;
        this.lastWritten = lastWritten;
    }

    /** Everything is written or waits in the channel's buffer. */
    boolean done() {
        return done;
    }

    /** Bytes of content written so far. */
    long position() {
        return position;
    }

    /**
     * Writes what the channel takes now; to be called again when it becomes writable.
     *
     * @return false when the loop should give others a turn and call again
     * @throws IOException the content cannot be read: the transaction must end without the final dot
     */
    boolean pump() throws IOException {
        if (content.sizeBytes() <= ONE_BUFFER && content instanceof MessageContent.Inline inline) {
            if (!done) {
                write(inline.array(), inline.offset(), inline.length());
            }
            return true;
        }
        for (int i = 0; i < CHUNKS_PER_TURN; i++) {
            if (done || !channel.isWritable())
                return true;
            writeChunk();
        }
        return done;
    }

    private void writeChunk() throws IOException {
        int n = (int) Math.min(CHUNK, content.sizeBytes() - position);
        switch (content) {
            case MessageContent.Inline inline -> write(inline.array(), inline.offset() + (int) position, n);
            case MessageContent.Streamed _,MessageContent.Headed _ -> {
                if (in == null)
                    in = content.open();
                byte[] scratch = SCRATCH.get();
                if (in.readNBytes(scratch, 0, n) < n)
                    throw new IOException("content ends before its " + content.sizeBytes() + " bytes");
                write(scratch, 0, n);
            }
        }
    }

    private void write(byte[] array, int offset, int length) {
        ByteBuf out = channel.alloc().directBuffer(length + 128);
        stuffer.append(array, offset, length, out);
        position += length;
        done = position >= content.sizeBytes();
        if (done)
            stuffer.end(out);
        var written = channel.writeAndFlush(out);
        if (done) {
            close();
            written.addListener(lastWritten);
        }
    }

    /** Releases the content; may be called again. */
    void close() {
        if (in == null)
            return;
        try {
            in.close();
        } catch (IOException e) {
            // it was only read
        }
        in = null;
    }
}
