package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctField;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code CARAVAN_REQUIRE_PROGRAMS=1}: a missing program is a failure. */
@Timeout(60)
class XmlByOtherProgramsTest {

    private static final Path SCHEMA = Path.of("../config/conf/accounting.xsd");

    @TempDir
    Path folder;

    @Test
    void xmllintFindsEveryTextValid() throws Exception {
        AcctFile all = Records.ALL;
        RecordFields every = new RecordFields(RecordType.B,
                new java.util.ArrayList<>(AcctField.words(RecordType.B)) {
                    private static final long serialVersionUID = 1L;
                    {
                        add("header_Subject");
                    }
                });
        AcctFile file = new AcctFile("acct.xml", AcctFormat.XML, all.records(),
                Map.of(RecordType.B, every, RecordType.D, RecordFields.defaults(RecordType.D), RecordType.T,
                        RecordFields.defaults(RecordType.T)),
                "user", true, true, all.filter(), all.privacy(), all.rotation(), all.pipe(), null);
        RecordFormat format = RecordFormat.of(file, ZoneOffset.UTC, "s");
        Path xml = folder.resolve("acct.xml");
        try (OutputStream out = Files.newOutputStream(xml)) {
            out.write(format.head());
            for (String text : CsvFormatTest.texts().toList())
                format.add(Records.full(text), 7);
            format.add(Records.of('d', "user@example.net"), 8);
            out.write(format.take());
            out.write(format.tail());
        }
        assertThat(xmllint(xml)).isZero();
        Files.writeString(xml, Files.readString(xml).replaceFirst("<timeLogged>", "<timeLogged>x"));
        assertThat(xmllint(xml)).isNotZero();
    }

    private static int xmllint(Path xml) throws InterruptedException {
        try {
            Process p = new ProcessBuilder("xmllint", "--noout", "--huge", "--schema", SCHEMA.toString(), xml.toString())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertThat(p.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return p.exitValue();
        } catch (IOException e) {
            Assumptions.assumeTrue("1".equals(System.getenv("CARAVAN_REQUIRE_PROGRAMS")), "xmllint is not installed");
            throw new AssertionError(e);
        }
    }
}
