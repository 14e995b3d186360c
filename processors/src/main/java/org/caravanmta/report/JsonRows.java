package org.caravanmta.report;

import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/** JSON lines: one object in each. */
final class JsonRows extends RecordReader {

    private final JsonFactory json = new JsonFactory();

    JsonRows(InputStream in, String name, BadLines bad) {
        super(in, name, bad);
    }

    @Override
    boolean next(Row row, boolean last) throws IOException {
        while (true) {
            int stop = lineEnd();
            if (stop < 0 && (end == start || !last && end - start < buffer.length))
                return false;
            int to = stop < 0 ? end : stop;
            if (blank(start, to)) {
                start = stop < 0 ? end : stop + 1;
                line++;
                continue;
            }
            row.clear(line);
            if (parsed(row, to)) {
                start = stop < 0 ? end : stop + 1;
                line++;
                return true;
            }
            skipLine("no JSON object");
        }
    }

    private boolean blank(int from, int to) {
        for (int i = from; i < to; i++)
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r')
                return false;
        return true;
    }

    private boolean parsed(Row row, int to) throws IOException {
        try (JsonParser p = json.createParser(buffer, start, to - start)) {
            if (p.nextToken() != JsonToken.START_OBJECT)
                return false;
            for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                RecordField field = RecordField.ofColumn(name);
                JsonToken value = p.nextToken();
                if (field != null && value.isScalarValue() && value != JsonToken.VALUE_NULL)
                    row.set(field, p.getText());
                else
                    p.skipChildren();
            }
            return p.currentToken() == JsonToken.END_OBJECT && p.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
