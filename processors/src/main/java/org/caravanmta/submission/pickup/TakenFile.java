package org.caravanmta.submission.pickup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * A file that nobody but us reaches by a name any more.
 *
 * @param path below our own folder; its last name is the writer's
 */
record TakenFile(Path path) {

    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;

    /**
     * How a file looks from outside. The writer may still have it open.
     *
     * @param id of this very file: neither moving it nor a crash changes it, and no later file has the same
     */
    record Look(String id, long sizeBytes, FileTime modified, boolean folder, String oddity) {
    }

    Look look() throws IOException {
        return look(path);
    }

    static Look look(Path path) throws IOException {
        Map<String, Object> a = Files.readAttributes(path,
                "unix:ino,mode,nlink,ctime,creationTime,lastModifiedTime,size", LinkOption.NOFOLLOW_LINKS);
        FileTime modified = (FileTime) a.get("lastModifiedTime");
        int mode = (int) a.get("mode");
        FileTime born = (FileTime) a.get("creationTime");
        String time = born.equals(modified) ? born + "/" + a.get("ctime") : born.toString(); // not every disk knows it
        return new Look("pickup:" + a.get("ino") + ":" + time, (long) a.get("size"), modified,
                (mode & TYPE) == FOLDER, oddity(mode, (int) a.get("nlink")));
    }

    /** What makes it no file to be read; null when it is one. */
    private static String oddity(int mode, int links) {
        if ((mode & TYPE) != REGULAR)
            return "it is no regular file";
        return links > 1 ? "it has another name elsewhere (a hard link)" : null;
    }
}
