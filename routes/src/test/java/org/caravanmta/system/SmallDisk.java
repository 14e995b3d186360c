package org.caravanmta.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of its own size, which others may fill. Needs root. */
final class SmallDisk implements AutoCloseable {

    private static final int BLOCK = 1 << 16;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk mount(Path folder, int megabytes) throws IOException {
        Programs.requireRoot();
        Programs.run(Programs.require("mount").toString(), "-t", "tmpfs", "-o", "size=" + megabytes + "m",
                "caravan-test", folder.toString());
        return new SmallDisk(folder);
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Somebody else writes until only so much is free. */
    void fillTo(long free) throws IOException {
        try (FileChannel filler = FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            while (freeBytes() > free)
                filler.write(ByteBuffer.allocate(Math.clamp(freeBytes() - free, 1, BLOCK)));
        }
    }

    void empty() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() throws IOException {
        Programs.run(Programs.require("umount").toString(), folder.toString());
    }
}
