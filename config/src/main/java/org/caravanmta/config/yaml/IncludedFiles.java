package org.caravanmta.config.yaml;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.caravanmta.config.value.Text;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The further files of one reading, each read once however often it is included. Only regular files are opened: a pipe
 * would be waited for, and a device has no end. Belongs to the reading thread.
 */
public final class IncludedFiles {

    private static final int MOST_FILES = 100_000;
    private static final int MOST_LISTED = 1_000_000;
    private static final long MOST_CHARACTERS = 256L << 20;
    private static final Pattern WILD = Pattern.compile("[*?\\[]");
    private static final ListOf<String> PATHS = new ListOf<>(new Text("the path of a file, with or without wildcards"),
            null, 1, 10_000);

    private final Problems problems;
    private final Map<Path, Included> read = new HashMap<>();
    private final Map<Path, Map<String, List<Path>>> matched = new HashMap<>();
    private long characters;
    private int listed;

    IncludedFiles(Problems problems) {
        this.problems = problems;
    }

    /**
     * @param real what the file is behind all links; two are the same when this is
     * @param name as its places are told
     * @param root null when there is nothing in it, or nothing that could be read, which has been told
     */
    record Included(Path real, String name, Node root) {

        boolean is(String otherName) {
            try {
                return real.equals(Path.of(otherName).toRealPath());
            } catch (IOException | IllegalArgumentException _) {
                return false;
            }
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Included i && i.real.equals(real);
        }

        @Override
        public int hashCode() {
            return real.hashCode();
        }
    }

    /**
     * The files that the value of an {@code include} names, relative to the folder of the file that it stands in: in
     * the order written, those of one wildcard by name. What cannot be had is told.
     */
    List<Included> named(Node value) {
        Path folder = Path.of(value.getStartMark().getName()).getParent();
        List<Included> files = new ArrayList<>();
        for (Node item : value instanceof SequenceNode list ? list.getValue() : List.of(value)) {
            List<String> patterns = PATHS.read(item, problems);
            for (String pattern : patterns == null ? List.<String>of() : patterns)
                try {
                    boolean wild = WILD.matcher(pattern).find();
                    for (Path path : wild ? matching(folder, pattern, item) : List.of(beside(folder, pattern)))
                        take(path, wild, item, files);
                } catch (IllegalArgumentException _) { // InvalidPathException, PatternSyntaxException
                    problems.add(item, Problems.quote(pattern), PATHS.expected(),
                            "* stands for any characters, ? for one, [ab] for one of those");
                }
        }
        return files;
    }

    private static Path beside(Path folder, String path) {
        return folder == null ? Path.of(path) : folder.resolve(path);
    }

    private void take(Path path, boolean wild, Node at, List<Included> files) {
        String written = Problems.quote(path.toString());
        try {
            Path real = path.toRealPath();
            if (Files.isDirectory(real)) {
                if (!wild)
                    problems.add(at, written + ", a directory", "a YAML file", "name the files in it: "
                            + path.resolve("*.yaml"));
            } else if (!Files.isRegularFile(real)) {
                problems.add(at, written + ", which is a device or a pipe", "a YAML file", "name a regular file");
            } else {
                Included known = read.get(real);
                files.add(known != null ? known : read(real, path.toString(), at));
            }
        } catch (NoSuchFileException _) {
            problems.add(at, written + ", which does not exist", "a YAML file",
                    "paths are relative to the folder of this file; a wildcard may match nothing");
        } catch (AccessDeniedException _) {
            problems.add(at, written + ", which may not be read", "a readable file", "check owner and mode");
        } catch (IOException e) {
            problems.add(at, written + ", which cannot be read (" + reason(e) + ")", "a readable file",
                    "check the path and its links");
        }
    }

    private Included read(Path real, String name, Node at) {
        if (read.size() >= MOST_FILES || characters > MOST_CHARACTERS)
            problems.end(at, "more than " + (characters > MOST_CHARACTERS ? MOST_CHARACTERS + " characters"
                    : MOST_FILES + " files"), "a configuration of reasonable size", "check what is included");
        problems.file(name);
        String text = YamlText.read(Path.of(name), problems);
        characters += text == null ? 0 : text.length();
        Included file = new Included(real, name,
                text == null ? null : YamlText.compose(name, text, problems));
        read.put(real, file);
        return file;
    }

    /** Looked for once, however many blocks say the same. */
    private List<Path> matching(Path folder, String pattern, Node at) {
        Path from = pattern.startsWith("/") ? Path.of("/") : beside(folder, "");
        Map<String, List<Path>> here = matched.computeIfAbsent(from, _ -> new HashMap<>());
        List<Path> known = here.get(pattern);
        if (known != null)
            return known;
        List<Path> found = List.of(from);
        for (String part : pattern.split("/+")) {
            List<Path> next = new ArrayList<>();
            for (Path in : found)
                if (WILD.matcher(part).find())
                    list(in, part, at, next);
                else if (part.isEmpty() || Files.exists(in.resolve(part)))
                    next.add(in.resolve(part));
            found = next;
        }
        found = found.stream().sorted(Comparator.comparing(Path::toString)).toList();
        here.put(pattern, found);
        return found;
    }

    private void list(Path folder, String glob, Node at, List<Path> found) {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder, glob)) {
            for (Path p : names) {
                if (++listed > MOST_LISTED)
                    problems.end(at, "wildcards that match more than " + MOST_LISTED + " names",
                            "a configuration of reasonable size", "check what is included");
                if (glob.startsWith(".") || !p.getFileName().toString().startsWith("."))
                    found.add(p);
            }
        } catch (NoSuchFileException | NotDirectoryException _) {
            return; // matches nothing
        } catch (DirectoryIteratorException e) {
            tellFolder(folder, e.getCause(), at);
        } catch (IOException e) {
            tellFolder(folder, e, at);
        }
    }

    private void tellFolder(Path folder, IOException e, Node at) {
        problems.add(at, "the folder " + Problems.quote(folder.toString()) + ", which cannot be listed (" + reason(e)
                + ")", "a readable folder", "check owner and mode");
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null ? f.getReason()
                : e.getClass().getSimpleName();
    }
}
