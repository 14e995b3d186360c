package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that grows by whole batches. Its checkpoint is the length up to which every batch was acknowledged; what stands
 * behind it was written by a batch that was not, and comes again. Nothing else is ever cut: a file that cannot be gone on
 * with is set aside. One thread.
 */
final class AccountingFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountingFile.class);

    /** Opens for reading and writing, and creates what is missing. */
    interface Opener {
        FileChannel open(Path path) throws IOException;
    }

    static final Opener ON_DISK = p -> FileChannel.open(p, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE);

    /** Somebody renamed, deleted or emptied the file while it was open; open it anew. */
    static final class MovedAway extends IOException {
        private static final long serialVersionUID = 1L;

        MovedAway(Path path) {
            super(path + " is no longer the file that was opened");
        }
    }

    private final Path path;
    private final FileChannel channel;
    private final Object key;
    private long length;

    private AccountingFile(Path path, FileChannel channel, long length) throws IOException {
        this.path = path;
        this.channel = channel;
        this.length = length;
        this.key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /**
     * The file, cut back to its checkpoint, with a header line; both are on disk.
     *
     * @param checkpoint of the last acknowledged batch; null before the first. Where {@link #checkpoint()} differs from
     *                   it afterwards, a file has begun, and that has to be acknowledged before the first batch
     */
    static AccountingFile open(Path path, String header, byte[] checkpoint, Opener opener) throws IOException {
        byte[] head = header.getBytes(StandardCharsets.US_ASCII);
        long acknowledged = checkpoint == null ? -1 : Long.parseLong(new String(checkpoint, StandardCharsets.US_ASCII));
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        FileChannel channel = opener.open(path);
        try {
            long keep = new FoundFile(path, channel).keep(acknowledged, head);
            if (keep < 0) {
                channel.close();
                setAside(path);
                channel = opener.open(path);
                keep = 0;
            }
            channel.truncate(keep);
            AccountingFile file = new AccountingFile(path, channel, keep);
            if (keep == 0)
                file.write(head);
            channel.force(false);
            if (keep == 0)
                syncFolder(folder);
            return file;
        } catch (IOException e) {
            closeAfter(e, channel);
            throw e;
        }
    }

    private static void closeAfter(IOException failure, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void setAside(Path path) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".aside");
        for (int n = 2; Files.exists(aside); n++)
            aside = path.resolveSibling(path.getFileName() + ".aside-" + n);
        Files.move(path, aside);
        LOG.warn("{} cannot be gone on with; it is kept as {}, and a new one begins", path, aside);
    }

    /** Without this a new file may be gone after a power failure, though its bytes are on disk. */
    private static void syncFolder(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
            return;
        try (FileChannel f = FileChannel.open(folder, StandardOpenOption.READ)) {
            f.force(true);
        }
    }

    /** @throws MovedAway what stands at the path is not what was opened, or is shorter than what was written */
    void requireInPlace() throws MovedAway, IOException {
        if (!Files.exists(path))
            throw new MovedAway(path);
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        if (!Objects.equals(key, now.fileKey()) || now.size() < length)
            throw new MovedAway(path);
    }

    /** Appends the batch and waits for the disk; after an exception the file is as before. */
    void append(byte[] batch) throws IOException {
        requireInPlace();
        long before = length;
        try {
            write(batch);
            channel.force(false);
            requireInPlace();
        } catch (IOException e) {
            takeBack(before, e);
            throw e;
        }
    }

    private void takeBack(long before, IOException failure) {
        length = before;
        try {
            channel.truncate(before);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void write(byte[] bytes) throws IOException {
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
