package org.caravanmta.submission.intake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Where the bodies of large messages lie until they are queued. Nothing in it survives a restart. Any thread. */
final class SpoolFolder {

    private static final String SUFFIX = ".body";

    private final Path folder;
    private final SecureRandom random = new SecureRandom();

    private SpoolFolder(Path folder) {
        this.folder = folder;
    }

    /** Creates the folder when missing and deletes what a former run left. */
    static SpoolFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path p : left)
                Files.deleteIfExists(p);
        }
        return new SpoolFolder(folder);
    }

    /** An empty file with a name that nobody else chose. */
    SpoolFile create() throws IOException {
        byte[] name = new byte[16];
        random.nextBytes(name);
        return new SpoolFile(folder.resolve(HexFormat.of().formatHex(name) + SUFFIX));
    }
}
