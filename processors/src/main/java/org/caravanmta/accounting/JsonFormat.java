package org.caravanmta.accounting;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/** Records as JSON lines (RFC 8259): one object for each, without the fields that it has not. */
final class JsonFormat extends RecordFormat {

    private final JsonGenerator json;

    JsonFormat(Columns columns) throws IOException {
        super(columns);
        json = new JsonFactory().setRootValueSeparator(null).createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    @Override
    byte[] head() {
        return new byte[0];
    }

    @Override
    void add(AccountingRecord r, long number) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < columns.count(); i++) {
            String value = columns.value(i, r, number);
            if (value == null)
                continue;
            json.writeFieldName(columns.names().get(i));
            if (columns.number(i))
                json.writeNumber(Long.parseLong(value));
            else
                json.writeString(value);
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    void flush() throws IOException {
        json.flush();
    }
}
