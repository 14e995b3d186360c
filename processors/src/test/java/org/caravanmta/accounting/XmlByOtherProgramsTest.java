package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctField;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

/** {@code CARAVAN_REQUIRE_PROGRAMS=1}: a missing program is a failure. */
@Timeout(60)
class XmlByOtherProgramsTest {

    private static final Path SCHEMA = Path.of("../config/conf/accounting.xsd");

    @TempDir
    Path folder;

    @Test
    void xmllintFindsEveryTextValid() throws Exception {
        assertThat(xmllint(written())).isZero();
        assertThat(xmllint(spoilt())).isNotZero();
    }

    @Test
    void theJdkFindsEveryTextValid() throws Exception {
        Validator validator = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(SCHEMA.toFile())
                .newValidator();
        validator.validate(new StreamSource(written().toFile()));
        assertThatThrownBy(() -> validator.validate(new StreamSource(spoilt().toFile())))
                .isInstanceOf(SAXException.class);
    }

    private Path spoilt() throws IOException {
        return Files.writeString(folder.resolve("spoilt.xml"),
                Files.readString(written()).replaceFirst("<timeLogged>", "<timeLogged>x"));
    }

    /** Every column, and every hostile text in each. */
    private Path written() throws IOException {
        List<String> columns = new ArrayList<>(AcctField.words(RecordType.B));
        columns.add("header_Subject");
        AcctFile all = Records.ALL;
        AcctFile file = new AcctFile("acct.xml", AcctFormat.XML, all.records(),
                Map.of(RecordType.B, new RecordFields(RecordType.B, columns), RecordType.D,
                        RecordFields.defaults(RecordType.D), RecordType.T, RecordFields.defaults(RecordType.T)),
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
        return xml;
    }

    private static int xmllint(Path xml) throws InterruptedException {
        try {
            Process p = new ProcessBuilder("xmllint", "--noout", "--huge", "--schema", SCHEMA.toString(),
                    xml.toString())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertThat(p.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return p.exitValue();
        } catch (IOException e) {
            Assumptions.assumeTrue("1".equals(System.getenv("CARAVAN_REQUIRE_PROGRAMS")), "xmllint is not installed");
            throw new AssertionError(e);
        }
    }
}
