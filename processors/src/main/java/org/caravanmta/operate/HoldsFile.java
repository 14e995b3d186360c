package org.caravanmta.operate;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.disk.SyncedFile;
import org.caravanmta.steering.QueueHolds;
import org.caravanmta.steering.QueueHolds.Word;
import org.caravanmta.steering.QueuePattern;

/** Which queues are paused, a line for each word of the operator: {@code pause gmail.com/mta1}. */
final class HoldsFile {

    private static final String PAUSE = "pause ";
    private static final String RESUME = "resume ";

    private final Path file;

    HoldsFile(Path file) {
        this.file = file;
    }

    /**
     * @throws IOException with file and line; to start with paused queues that are not paused would be worse than not
     *                     to start
     */
    QueueHolds read() throws IOException {
        if (!Files.exists(file))
            return QueueHolds.NONE;
        List<Word> said = new ArrayList<>();
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++)
            if (!lines.get(i).isBlank())
                said.add(word(lines.get(i), i + 1));
        return new QueueHolds(List.copyOf(said));
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text in UTF-8; mend or remove it", e);
        }
    }

    private Word word(String line, int number) throws IOException {
        boolean paused = line.startsWith(PAUSE);
        if (!paused && !line.startsWith(RESUME))
            throw new IOException(
                    file + ":" + number + ": expected pause or resume and a queue; mend or remove the line");
        try {
            return new Word(paused, QueuePattern.parse(line.substring(line.indexOf(' ') + 1)));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    /** @throws IOException a word would not be read as it was said, or the disk; what was written before is still there */
    void write(QueueHolds holds) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Word w : holds.said()) {
            String line = w.toString();
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(line) || !word(line, 0).equals(w))
                throw new IOException("\"" + line + "\" cannot be written down");
            text.append(line).append('\n');
        }
        SyncedFile.write(file, text.toString(), StandardCharsets.UTF_8);
    }
}
