package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.ObjectMapper;

/** What operators read the files with. {@code CARAVAN_REQUIRE_PROGRAMS=1}: a missing program is a failure. */
@Timeout(60)
class CsvByOtherProgramsTest {

    private static final String READ = """
            import csv, json, sys
            rows = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
            json.dump(rows, open(sys.argv[2], 'w'))
            """;

    @TempDir
    Path folder;

    @Test
    void pythonReadsBackEveryText() throws IOException, InterruptedException {
        List<String> texts = CsvFormatTest.texts().toList();
        RecordFormat format = RecordFormat.of(Records.plain(Records.ALL), ZoneOffset.UTC, "s");
        for (String t : texts)
            format.add(Records.full(t), 1);
        Path csv = folder.resolve("acct.csv");
        Files.writeString(csv, new String(Records.HEAD, StandardCharsets.US_ASCII)
                + new String(format.take(), StandardCharsets.UTF_8));
        Path json = folder.resolve("rows.json");
        require(run("python3", "-c", READ, csv.toString(), json.toString()));
        String[][] rows = new ObjectMapper().readValue(json.toFile(), String[][].class);
        assertThat(rows).hasNumberOfRows(texts.size() + 1);
        assertThat(rows[0]).containsExactly(Records.COLUMNS);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(rows[i + 1]).hasSize(Records.COLUMNS.length);
            assertThat(rows[i + 1][8]).isEqualTo(texts.get(i));
            assertThat(rows[i + 1][22]).isEqualTo(texts.get(i));
        }
    }

    /** Its exit code; −1 when there is no such program. */
    private int run(String... command) throws InterruptedException {
        try {
            Process p = new ProcessBuilder(command).inheritIO().start();
            assertThat(p.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return p.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }

    private static void require(int exitCode) {
        if (!"1".equals(System.getenv("CARAVAN_REQUIRE_PROGRAMS")))
            Assumptions.assumeTrue(exitCode != -1, "python3 is not installed");
        assertThat(exitCode).isZero();
    }
}
