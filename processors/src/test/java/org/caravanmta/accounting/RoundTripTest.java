package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any text comes back from a parser that is not ours as it went in. */
class RoundTripTest {

    private static final RecordFields FIELDS = new RecordFields(RecordType.B,
            List.of("type", "orig", "dsnDiag", "header_Subject", "jobId"));
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|\\\\)");

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> hostile = Arbitraries.strings()
                .withChars(
                        "\0\u0001\t\n\u000b\f\r\u001b\u001f \"',;=+-@\\<>&]u0au007f\u0085\u00a0\u2028\u2029\ufeff\ufffd\ufffe\uffff")
                .ofMaxLength(12);
        Arbitrary<String> any = Arbitraries.integers().between(0, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE).map(Character::toString)
                .list().ofMaxSize(20).map(l -> String.join("", l));
        return Arbitraries.oneOf(hostile, any);
    }

    private static AcctFile file(AcctFormat format) {
        AcctFile f = Records.ALL;
        return new AcctFile(f.path(), format, List.of(RecordType.B), Map.of(RecordType.B, FIELDS), null, true, false,
                f.filter(), List.of(), f.rotation(), f.pipe(), null);
    }

    private static AccountingRecord record(String a, String b) {
        AccountingRecord r = Records.full(a);
        return new AccountingRecord(r.type(), r.timeLoggedMs(), -1, -1, a, a, null, null, null, b, null, null, null,
                null, null, null, null, null, -1, null, b, null, null, null, null, null, null, null, null,
                Map.of("Subject", a));
    }

    /** Two records, with the beginning and the end of a file. */
    private static byte[] written(AcctFormat format, String a, String b) throws IOException {
        RecordFormat f = RecordFormat.of(file(format), ZoneOffset.UTC, "s");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(f.head());
        f.add(record(a, b), 1);
        out.write(f.take());
        f.add(record(b, a), 2);
        out.write(f.take());
        out.write(f.tail());
        return out.toByteArray();
    }

    @Property(tries = 2000)
    void csv(@ForAll("texts") String a, @ForAll("texts") String b) throws IOException {
        List<String[]> rows = Records.rows(written(AcctFormat.CSV, a, b));
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1)).containsExactly("b", a, b, a, b);
        assertThat(rows.get(2)).containsExactly("b", b, a, b, a);
    }

    @Property(tries = 2000)
    void json(@ForAll("texts") String a, @ForAll("texts") String b) throws IOException {
        String[] lines = new String(written(AcctFormat.JSON, a, b), StandardCharsets.UTF_8).split("\n");
        assertThat(lines).hasSize(2);
        JsonNode r = new ObjectMapper().readTree(lines[0]);
        assertThat(List.of(r.get("type").asText(), r.get("orig").asText(), r.get("dsnDiag").asText(),
                r.get("header_Subject").asText(), r.get("jobId").asText())).containsExactly("b", a, b, a, b);
    }

    @Property(tries = 2000)
    void xml(@ForAll("texts") String a, @ForAll("texts") String b) throws Exception {
        Document d = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(written(AcctFormat.XML, a, b)));
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Element r = (Element) d.getElementsByTagNameNS(XmlFormat.NAMESPACE, "record").item(i);
            for (String name : List.of("orig", "dsnDiag", "header", "jobId"))
                found.add(text((Element) r.getElementsByTagNameNS(XmlFormat.NAMESPACE, name).item(0)));
        }
        assertThat(found).containsExactly(a, b, a, b, b, a, b, a);
    }

    private static String text(Element e) {
        if (!e.getAttribute("escaped").equals("yes"))
            return e.getTextContent();
        return ESCAPE.matcher(e.getTextContent()).replaceAll(m -> Matcher.quoteReplacement(
                m.group(1) == null ? "\\" : Character.toString(Integer.parseInt(m.group(1), 16))));
    }
}
