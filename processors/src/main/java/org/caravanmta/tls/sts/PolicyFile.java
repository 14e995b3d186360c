package org.caravanmta.tls.sts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.caravanmta.disk.SyncedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kept policies on disk, a line for each, the file whole or not at all. Blocks; one thread. */
final class PolicyFile {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyFile.class);

    private final Path file;

    PolicyFile(Path file) {
        this.file = file;
    }

    /** Lines that say nothing are left out: their policies are fetched again. */
    List<KeptPolicy> read() throws IOException {
        List<KeptPolicy> found = new ArrayList<>();
        int damaged = 0;
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException _) {
            return List.of();
        }
        for (String line : text.split("\n")) {
            KeptPolicy p = KeptPolicy.of(line);
            if (p != null)
                found.add(p);
            else if (!line.isEmpty())
                damaged++;
        }
        if (damaged > 0)
            LOG.warn("{}: {} lines are no policies, left out", file, damaged);
        return found;
    }

    /** Returns when they are on disk. After an exception the former file is in place. */
    void write(Collection<KeptPolicy> policies) throws IOException {
        StringBuilder text = new StringBuilder();
        policies.forEach(p -> text.append(p.line()).append('\n'));
        SyncedFile.write(file, text.toString(), StandardCharsets.ISO_8859_1);
    }
}
