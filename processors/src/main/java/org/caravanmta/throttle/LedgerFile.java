package org.caravanmta.throttle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.caravanmta.disk.SyncedFile;

/**
 * A file of batches that grows at its end, and is written anew as a whole when it has grown too long. What an append
 * left behind that was cut short by a crash is no damage: nobody relied on it. One thread.
 */
final class LedgerFile implements AutoCloseable {

    /** Below this it is never written anew. */
    private static final long SMALL = 4 << 20;

    private final Path path;
    private FileChannel channel;
    private long length;
    private long lengthWhenNew;

    LedgerFile(Path path) {
        this.path = path;
    }

    /** How the file was found. */
    enum Found {
        NONE, WHOLE, DAMAGED
    }

    /** Hands over every whole batch. */
    Found read(LedgerCodec.Reader reader) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return Found.NONE;
        }
        ByteBuffer file = ByteBuffer.wrap(bytes);
        boolean damaged = LedgerCodec.lengthAt(file, 0) == 0; // it was renamed into place with its first batch
        int gapFrom = -1;
        for (int at = 0; at < bytes.length;) {
            int batch = LedgerCodec.lengthAt(file, at);
            if (batch == 0) {
                gapFrom = at++;
                continue;
            }
            damaged |= gapFrom >= 0;
            try {
                LedgerCodec.read(bytes, at, batch, reader);
            } catch (IOException | IllegalArgumentException e) {
                damaged = true;
            }
            at += batch;
        }
        return damaged ? Found.DAMAGED : Found.WHOLE;
    }

    /** The file holds this batch alone from now on; it is on disk. After an exception the former file is in place. */
    void writeAnew(ByteBuffer batch) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path next = path.resolveSibling(path.getFileName() + ".new");
        FileChannel written = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        try {
            write(written, batch, 0);
            written.force(true);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            written.close();
            throw e;
        }
        close();
        channel = written;
        length = batch.limit();
        lengthWhenNew = length;
        SyncedFile.syncFolder(folder);
    }

    /** Returns when it is on disk. After an exception the next one takes its place. */
    void append(ByteBuffer batch) throws IOException {
        write(channel, batch, length);
        channel.force(false);
        length += batch.limit();
    }

    private static void write(FileChannel to, ByteBuffer batch, long at) throws IOException {
        for (long next = at; batch.hasRemaining();)
            next += to.write(batch, next);
    }

    /** Whether most of it says what no longer holds. */
    boolean outgrown() {
        return length > SMALL && length > 2 * lengthWhenNew;
    }

    @Override
    public void close() throws IOException {
        if (channel != null)
            channel.close();
    }
}
