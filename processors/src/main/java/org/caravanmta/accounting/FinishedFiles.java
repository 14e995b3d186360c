package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.caravanmta.config.accounting.AcctFile.Rotation;
import org.caravanmta.disk.SyncedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a file that is finished: it is named {@code NAME-YYYY-MM-DD-NNNN.END} beside its old place, then moved
 * to another folder if one is named, else deleted when it is old enough. What cannot be moved just now is moved later.
 * One that is to be sent elsewhere is not deleted before.
 */
public final class FinishedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(FinishedFiles.class);

    private static final String SENT = "sent";

    private final Path folder;
    private final Path moveTo;
    private final Rotation rotation;
    private final ZoneId zone;
    private final String base;
    private final String end;
    private final Pattern form;
    private boolean told;

    /** A finished name without its folder. */
    record Name(String day, int number) {
    }

    /**
     * @param path of the file that is being written; a relative {@code move-to} is looked for from its folder
     */
    public FinishedFiles(Path path, Rotation rotation, ZoneId zone) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        this.folder = path.toAbsolutePath().getParent();
        this.moveTo = rotation.moveTo() == null ? null : folder.resolve(rotation.moveTo());
        this.rotation = rotation;
        this.zone = zone;
        this.base = dot > 0 ? name.substring(0, dot) : name;
        this.end = dot > 0 ? name.substring(dot) : "";
        this.form = Pattern.compile(Pattern.quote(base) + "-(\\d{4}-\\d\\d-\\d\\d)-(\\d{4,9})" + Pattern.quote(end));
    }

    /** The next free name for a file that began as the checkpoint says. */
    Name next(Checkpoint checkpoint) throws IOException {
        String day = LocalDate.ofInstant(Instant.ofEpochMilli(checkpoint.begunMs()), zone).toString();
        int last = day.equals(checkpoint.day()) ? checkpoint.number() : 0;
        for (Path f : list(folder))
            last = Math.max(last, number(f, day));
        for (Path f : list(place()))
            last = Math.max(last, number(f, day));
        for (Path f : list(place().resolve(SENT)))
            last = Math.max(last, number(f, day));
        return new Name(day, last + 1);
    }

    Path path(Name name) {
        return folder.resolve("%s-%s-%04d%s".formatted(base, name.day(), name.number(), end));
    }

    private int number(Path file, String day) {
        var m = form.matcher(file.getFileName().toString());
        return m.matches() && m.group(1).equals(day) ? Integer.parseInt(m.group(2)) : 0;
    }

    /** Where finished files come to rest. */
    public Path place() {
        return moveTo == null ? folder : moveTo;
    }

    /** Puts a file that was sent elsewhere into the folder {@code sent} beside it. */
    public void sent(Path file) throws IOException {
        Path to = Files.createDirectories(place().resolve(SENT));
        Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        SyncedFile.syncFolder(to);
    }

    /** Finished files in their place, oldest first. */
    public List<Path> finished() throws IOException {
        return list(place());
    }

    /** Finished files wherever they are: beside the one that is written, moved, and sent. */
    public List<Path> everywhere() throws IOException {
        List<Path> all = new ArrayList<>(list(folder));
        if (!place().equals(folder))
            all.addAll(list(place()));
        all.addAll(list(place().resolve(SENT)));
        return all;
    }

    private List<Path> list(Path of) throws IOException {
        if (!Files.isDirectory(of))
            return List.of();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(of)) {
            all.filter(f -> form.matcher(f.getFileName().toString()).matches()).sorted().forEach(files::add);
        }
        return files;
    }

    /** Trouble is told once and does not keep records from being written. */
    void moveAll() {
        if (moveTo == null || !Files.isDirectory(folder))
            return;
        try {
            Files.createDirectories(moveTo);
            boolean moved = false;
            for (Path f : list(folder)) {
                Files.move(f, moveTo.resolve(f.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                moved = true;
            }
            if (moved)
                SyncedFile.syncFolder(moveTo);
            told = false;
        } catch (IOException e) {
            if (!told)
                LOG.error("ALARM: finished files of {} cannot be moved to {}: {}; they stay until they can", base + end,
                        moveTo, e.toString());
            told = true;
        }
    }

    void deleteOld(long nowMs) {
        if (moveTo != null || rotation.deleteAfter() == null)
            return;
        try {
            List<Path> old = new ArrayList<>(rotation.transportTo() == null ? list(folder) : List.of());
            old.addAll(list(folder.resolve(SENT)));
            for (Path f : old)
                if (nowMs - Files.getLastModifiedTime(f).toMillis() > rotation.deleteAfter().toMillis())
                    Files.delete(f);
        } catch (IOException e) {
            LOG.warn("old files of {} cannot be deleted: {}", base + end, e.toString());
        }
    }
}
