package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that grows by whole batches. Its checkpoint is the length up to which every batch was acknowledged; what stands
 * behind it was written by a batch that was not, and comes again. One thread.
 */
final class AccountingFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountingFile.class);

    private final Path path;
    private final byte[] header;
    private FileChannel channel;
    private long length;

    /**
     * @param checkpoint of the last acknowledged batch; null before the first
     */
    AccountingFile(Path path, String header, byte[] checkpoint) throws IOException {
        this.path = path;
        this.header = header.getBytes(StandardCharsets.US_ASCII);
        Files.createDirectories(path.toAbsolutePath().getParent());
        open(checkpoint == null ? -1 : Long.parseLong(new String(checkpoint, StandardCharsets.US_ASCII)));
    }

    private void open(long acknowledged) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long found = channel.size();
        if (acknowledged >= 0 && found >= acknowledged) {
            if (found > acknowledged)
                LOG.info("{}: {} bytes of an unfinished batch are written again", path, found - acknowledged);
            channel.truncate(acknowledged);
            length = acknowledged;
        } else {
            if (acknowledged > 0)
                LOG.warn("{}: found {} bytes, expected {}: the file was moved or cut; a new one begins", path, found,
                        acknowledged);
            length = wholeLines(found);
            channel.truncate(length);
        }
        if (length == 0)
            writeFully(header);
    }

    /** A foreign file keeps what it holds, but for a torn last line. */
    private long wholeLines(long found) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = found;
        while (end > 0) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == '\n')
                break;
            end--;
        }
        return end;
    }

    /** Appends the batch and waits for the disk; after an exception the file is as before. */
    void append(byte[] batch) throws IOException {
        long before = length;
        if (!Files.exists(path) || Files.size(path) < length) {
            channel.close();
            LOG.info("{} was moved away; a new one begins", path);
            open(0);
            before = length;
        }
        try {
            writeFully(batch);
            channel.force(false);
        } catch (IOException e) {
            length = before;
            channel.truncate(before);
            throw e;
        }
    }

    private void writeFully(byte[] bytes) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        long at = length;
        while (b.hasRemaining())
            at += channel.write(b, at);
        length = at;
    }

    byte[] checkpoint() {
        return Long.toString(length).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
