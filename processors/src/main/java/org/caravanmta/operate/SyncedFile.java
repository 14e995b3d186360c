package org.caravanmta.operate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files that are there whole or not at all, whatever happens. */
final class SyncedFile {

    private SyncedFile() {
    }

    /** Blocks on the disk. The folder is made when it is missing. */
    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path half = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining())
                out.write(bytes);
            out.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
