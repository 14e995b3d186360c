package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.disk.SyncedFile;
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

    /** The file was finished as the configuration asks; open it anew. */
    static final class Finished extends IOException {
        private static final long serialVersionUID = 1L;

        Finished(String path) {
            super(path + " was finished");
        }
    }

    private final Path path;
    private final FileChannel channel;
    private final Object key;
    private final int headLength;
    private final boolean sync;
    private long length;

    private AccountingFile(Path path, FileChannel channel, long length, int headLength, boolean sync)
            throws IOException {
        this.path = path;
        this.channel = channel;
        this.headLength = headLength;
        this.sync = sync;
        this.length = length;
        this.key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /**
     * The file, cut back to its checkpoint, with its beginning; both are on disk. One that begins otherwise, since other
     * columns were configured, is finished first.
     *
     * @param head what it begins with
     * @param from where {@link #length()} differs from its length afterwards, a file has begun, and that has to be
     *             acknowledged before the first batch
     */
    static AccountingFile open(Path path, byte[] head, AcctFile config, Checkpoint from, Opener opener,
            FinishedFiles finished) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        FileChannel channel = opener.open(path);
        try {
            FoundFile found = new FoundFile(path, channel, config.format(), from.finishing());
            long keep = found.keep(from.length(), head);
            if (keep < 0) {
                channel.close();
                setAside(path);
                channel = opener.open(path);
                keep = 0;
            } else if (keep > 0 && !found.beginsWith(head)) {
                channel.truncate(keep);
                channel.close();
                Path other = finished.path(finished.next(from.begunMs() > 0 ? from : from.withLength(0,
                        Files.getLastModifiedTime(path).toMillis())));
                Files.move(path, other);
                LOG.info("{} has other columns than are configured now; it is finished as {}", path, other);
                channel = opener.open(path);
                keep = 0;
            }
            channel.truncate(keep);
            AccountingFile file = new AccountingFile(path, channel, keep, head.length, config.rotation().sync());
            if (keep == 0)
                file.write(head);
            if (config.rotation().worldReadable())
                worldReadable(path);
            channel.force(false);
            if (keep == 0)
                SyncedFile.syncFolder(folder);
            return file;
        } catch (IOException e) {
            closeAfter(e, channel);
            throw e;
        }
    }

    private static void worldReadable(Path path) throws IOException {
        Set<PosixFilePermission> all = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        all.addAll(EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ));
        Files.setPosixFilePermissions(path, all);
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
            if (sync)
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

    /** Gives it its end and its last name; afterwards it is closed. */
    void finish(byte[] tail, Path name) throws IOException {
        if (tail.length > 0)
            append(tail);
        channel.force(true);
        requireInPlace();
        channel.close();
        Files.move(path, name, StandardCopyOption.ATOMIC_MOVE);
        SyncedFile.syncFolder(name.getParent());
    }

    long length() {
        return length;
    }

    /** Whether it holds a record. */
    boolean begun() {
        return length > headLength;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
