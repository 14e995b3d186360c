package org.caravanmta.submission.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.caravanmta.message.MessageContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one large message. Written by the connection's event loop (into the page cache; it is not synced, the
 * queue is what makes a message durable), then read by whoever holds the content. Deleted by {@link #discard()}; when
 * everybody forgot to, as soon as the content is unreachable.
 */
final class SpoolFile {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFile.class);
    private static final Cleaner CLEANER = Cleaner.create();

    private final Path path;
    private final FileChannel channel;
    private final Cleaner.Cleanable deletion;
    private long size;

    SpoolFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.deletion = CLEANER.register(this, new Deletion(path, channel));
    }

    void write(byte[] a, int from, int to) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(a, from, to - from);
        while (b.hasRemaining())
            channel.write(b);
        size += to - from;
    }

    /** No more is written. */
    void finish() throws IOException {
        channel.close();
    }

    /** The message: {@code head} in front of this file. {@code relaxedBodyHash} may be null. */
    MessageContent content(byte[] head, int from, int length, byte[] relaxedBodyHash) {
        return new MessageContent.Streamed(length + size, () -> open(head, from, length), relaxedBodyHash);
    }

    private InputStream open(byte[] head, int from, int length) throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(head, from, length), Files.newInputStream(path));
    }

    /** Deletes the file. Any thread, as often as you like. */
    void discard() {
        deletion.clean();
    }

    private record Deletion(Path path, FileChannel channel) implements Runnable {
        @Override
        public void run() {
            try {
                channel.close();
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.warn("cannot delete spool file {}", path, e);
            }
        }
    }
}
