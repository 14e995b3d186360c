package org.caravanmta.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files that are there whole or not at all, whatever happens. */
public final class SyncedFile {

    private SyncedFile() {
    }

    /**
     * Returns when it is on disk; after an exception the former file is in place. The folder is made when it is missing.
     */
    public static void write(Path file, String text, Charset charset) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path half = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = charset.encode(text);
            while (bytes.hasRemaining())
                out.write(bytes);
            out.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(folder);
    }

    /** Without this a new name may be gone after a power failure. */
    public static void syncFolder(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
            return;
        try (FileChannel f = FileChannel.open(folder, StandardOpenOption.READ)) {
            f.force(true);
        }
    }
}
