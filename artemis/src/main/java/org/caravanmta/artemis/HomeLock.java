package org.caravanmta.artemis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock on a home folder, taken before anything in it is opened. It goes with the process, so {@code kill -9} leaves
 * nothing to clean up; the file stays and holds the process id of its last owner.
 */
final class HomeLock implements AutoCloseable {

    static final String FILE = "caravan.lock";

    /**
     * Homes locked by this process. Asked before the file is opened: closing any channel on a file drops all POSIX
     * locks the process has on it, so a failed second attempt would otherwise unlock the first.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path home;
    private final FileChannel channel;

    private HomeLock(Path home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    /** Creates the folder when needed. Does not wait. */
    static HomeLock acquire(Path folder) {
        try {
            Path home = Files.createDirectories(folder).toRealPath();
            if (!OWN.add(home))
                throw new HomeInUseException(home + " is already in use by this process");
            try {
                return lock(home);
            } catch (IOException | RuntimeException e) {
                OWN.remove(home);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + folder, e);
        }
    }

    private static HomeLock lock(Path home) throws IOException {
        Path file = home.resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null)
                throw new HomeInUseException(home + " is in use by process " + owner(channel));
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid())
                    .getBytes(StandardCharsets.US_ASCII)), 0);
            return new HomeLock(home, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        int n = channel.read(pid, 0);
        return n <= 0 ? "(unknown)" : new String(pid.array(), 0, n, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            OWN.remove(home);
        }
    }
}
