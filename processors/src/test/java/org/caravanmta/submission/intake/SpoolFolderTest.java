package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFolderTest {

    @TempDir
    Path temp;

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void folderIsCreated() throws Exception {
        Path folder = temp.resolve("a/b");
        SpoolFolder.open(folder);
        assertThat(folder).isDirectory();
    }

    @Test
    void leftOverBodiesAreDeletedAndNothingElse() throws Exception {
        SpoolFile left = SpoolFolder.open(temp).create();
        left.finish();
        Files.createFile(temp.resolve("note.txt"));
        SpoolFolder.open(temp);
        assertThat(temp.toFile().list()).containsExactly("note.txt");
    }

    @Test
    void contentIsHeadAndFile() throws Exception {
        SpoolFile file = SpoolFolder.open(temp).create();
        byte[] body = "..body\r\n..".getBytes(StandardCharsets.US_ASCII);
        file.write(body, 2, 8);
        file.finish();
        byte[] head = "xxA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var content = file.content(head, 2, 8, null);
        assertThat(content.sizeBytes()).isEqualTo(14);
        try (var in = content.open()) {
            assertThat(in.readAllBytes()).asString().isEqualTo("A: b\r\n\r\nbody\r\n");
        }
        file.discard();
        file.discard();
        assertThat(files(temp)).isZero();
        assertThatThrownBy(content::open).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void fileThatIsStillWrittenCanBeDiscarded() throws Exception {
        SpoolFile file = SpoolFolder.open(temp).create();
        file.write(new byte[10], 0, 10);
        file.discard();
        assertThat(files(temp)).isZero();
        assertThatThrownBy(() -> file.write(new byte[10], 0, 10)).isInstanceOf(IOException.class);
    }
}
