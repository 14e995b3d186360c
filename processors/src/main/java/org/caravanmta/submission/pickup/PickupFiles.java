package org.caravanmta.submission.pickup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of one pickup directory, and how a file goes from one to the next: always by a rename, never over another
 * file. Names are the writers' and mean nothing. Any thread; a file belongs to one.
 */
final class PickupFiles {

    private static final Logger LOG = LoggerFactory.getLogger(PickupFiles.class);
    /** Below the folder itself, since a rename must not leave the file system. */
    private static final String TAKEN = ".taken";
    /** A writer that has not touched its file for so long has finished it. */
    private static final Duration REST = Duration.ofMillis(500);
    /** Leaves room for a number and {@code .reason.txt} in the 255 bytes that a disk allows. */
    private static final int MOST_NAME_BYTES = 200;

    private final Path folder;
    private final Path taken;
    private final Path bad;

    private PickupFiles(Path folder, Path bad) {
        this.folder = folder;
        this.taken = folder.resolve(TAKEN);
        this.bad = bad;
    }

    /** @throws IOException the folders cannot be made or used */
    static PickupFiles open(Path folder, Path bad) throws IOException {
        create(folder);
        create(bad);
        PickupFiles files = new PickupFiles(folder.toRealPath(), bad.toRealPath());
        if (Files.isSymbolicLink(files.taken))
            throw new IOException(files.taken + " is a symbolic link: take it away");
        if (!Files.isDirectory(files.taken))
            Files.createDirectory(files.taken, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
        if (!Files.getFileStore(files.folder).equals(Files.getFileStore(files.bad)))
            throw new IOException(bad + " has to be on the same file system as " + folder);
        if (Files.getPosixFilePermissions(files.folder).contains(PosixFilePermission.OTHERS_WRITE))
            LOG.warn("everybody on this machine may hand in mail: {} is writable for all; chmod o-w", folder);
        return files;
    }

    private static void create(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
        }
    }

    /** Files that an earlier run has taken; whether they were stored is not known. */
    List<TakenFile> leftOver() throws IOException {
        List<TakenFile> left = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(taken)) {
            all.forEach(p -> left.add(new TakenFile(p)));
        }
        return left;
    }

    /** What lies there; hidden files are not finished. The caller closes it. */
    DirectoryStream<Path> waiting() throws IOException {
        return Files.newDirectoryStream(folder, p -> p.getFileName().toString().charAt(0) != '.');
    }

    /** Null when it cannot be taken yet: it is new, a folder, gone, or one of its name is still being worked at. */
    TakenFile take(Path file) throws IOException {
        try {
            TakenFile.Look look = TakenFile.look(file);
            boolean rests = look.modified().toInstant().isBefore(Instant.now().minus(REST));
            Path to = taken.resolve(file.getFileName());
            if (!rests && look.oddity() == null || look.folder() || exists(to))
                return null;
            Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
            return new TakenFile(to);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** It is stored. */
    void done(TakenFile file) throws IOException {
        Files.delete(file.path());
    }

    /** Its writer is not done with it. False when there is another one of its name already. */
    boolean putBack(TakenFile file) throws IOException {
        Path to = folder.resolve(file.path().getFileName());
        if (exists(to))
            return false;
        Files.move(file.path(), to, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** Puts it aside, with a file {@code NAME.reason.txt} that says why. */
    void refuse(TakenFile file, String reason) throws IOException {
        String name = cut(file.path().getFileName().toString());
        for (int n = 0;; n++) {
            String free = n == 0 ? name : name + "." + n;
            Path to = bad.resolve(free);
            Path why = bad.resolve(free + ".reason.txt");
            if (exists(to) || exists(why))
                continue;
            Files.write(why, (reason + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
            Files.move(file.path(), to, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
    }

    private static String cut(String name) {
        String cut = name;
        while (cut.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES)
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        return cut;
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
