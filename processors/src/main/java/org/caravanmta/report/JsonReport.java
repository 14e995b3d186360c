package org.caravanmta.report;

import java.io.IOException;
import java.io.StringWriter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

/** One object. Unknown figures are left out. */
final class JsonReport {

    private static final JsonFactory FACTORY = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonReport() {
    }

    static void write(Report r, Appendable out) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator j = FACTORY.createGenerator(text).useDefaultPrettyPrinter()) {
            j.writeStartObject();
            j.writeStringField("title", r.title());
            j.writeStringField("period", r.period());
            j.writeNumberField("records", r.records());
            j.writeObjectFieldStart("all");
            tally(j, r.all());
            j.writeEndObject();
            for (Report.Table t : r.tables()) {
                j.writeArrayFieldStart(t.dimension().word());
                for (Report.Line l : t.lines()) {
                    j.writeStartObject();
                    j.writeStringField("name", l.name());
                    if (l.others())
                        j.writeBooleanField("others", true);
                    tally(j, l.tally());
                    j.writeEndObject();
                }
                j.writeEndArray();
            }
            for (Report.Reasons s : r.reasons()) {
                j.writeArrayFieldStart(s.id());
                for (Replies.Reply p : s.replies()) {
                    j.writeStartObject();
                    j.writeStringField("reply", p.pattern());
                    j.writeStringField("category", p.category());
                    j.writeNumberField("count", p.count());
                    j.writeStringField("sample", p.sample());
                    j.writeStringField("host", p.host());
                    j.writeEndObject();
                }
                j.writeEndArray();
                j.writeNumberField(s.id() + "Others", s.others());
            }
            j.writeArrayFieldStart("notes");
            for (String note : r.notes())
                j.writeString(note);
            j.writeEndArray();
            j.writeEndObject();
        }
        out.append(text.getBuffer()).append('\n');
    }

    private static void tally(JsonGenerator j, Tally t) throws IOException {
        for (ReportColumn c : ReportColumn.ALL) {
            String value = c.of(t);
            if (value != null) {
                j.writeFieldName(c.name());
                j.writeNumber(value);
            }
        }
    }
}
