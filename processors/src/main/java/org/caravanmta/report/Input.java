package org.caravanmta.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file to read.
 *
 * @param types of records that are taken from it, where another file holds the rest of them too; empty: all
 */
public record Input(Path path, Set<String> types) {

    private static final List<String> ENDS = List.of(".csv", ".xml", ".json", ".jsonl");

    /** Files as they are; of folders all that end like an accounting file, compressed or not, in order of their names. */
    public static List<Input> of(List<Path> paths) throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (Path p : paths) {
            if (!Files.isDirectory(p)) {
                inputs.add(new Input(p, Set.of()));
                continue;
            }
            try (Stream<Path> files = Files.list(p)) {
                files.filter(Input::named).sorted().forEach(f -> inputs.add(new Input(f, Set.of())));
            }
        }
        return inputs;
    }

    private static boolean named(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return ENDS.stream().anyMatch(plain::endsWith);
    }

    long bytes() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }
}
