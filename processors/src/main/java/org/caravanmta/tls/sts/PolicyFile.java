package org.caravanmta.tls.sts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        StringBuilder text = new StringBuilder();
        policies.forEach(p -> text.append(p.line()).append('\n'));
        try (FileChannel out = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text.toString());
            while (bytes.hasRemaining())
                out.write(bytes);
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
