package org.caravanmta.accounting;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;

/**
 * Records as CSV (RFC 4180): CRLF line ends, UTF-8, quotes only where needed. Fields may hold any character.
 * <p>
 * Guarded, a field that begins with one of {@code = + - @ TAB CR LF '} has an apostrophe before it: a spreadsheet shows it
 * as text, and who takes one apostrophe away from each field that begins with one has every value as it was.
 */
final class CsvFormat extends RecordFormat {

    private static final String GUARDED = "=+-@\t\r\n'";

    private final boolean guard;
    private final CsvGenerator csv;
    private final byte[] head;

    CsvFormat(Columns columns, boolean guard) throws IOException {
        super(columns);
        this.guard = guard;
        csv = new CsvFactory().createGenerator(out);
        csv.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        csv.enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING);
        csv.setSchema(CsvSchema.emptySchema().withLineSeparator("\r\n"));
        csv.writeStartArray();
        for (String name : columns.names())
            csv.writeString(name);
        csv.writeEndArray();
        head = take();
    }

    @Override
    byte[] head() {
        return head.clone();
    }

    @Override
    void add(AccountingRecord r, long number) throws IOException {
        csv.writeStartArray();
        for (int i = 0; i < columns.count(); i++) {
            String value = columns.value(i, r, number);
            csv.writeString(value == null ? "" : guarded(value));
        }
        csv.writeEndArray();
    }

    private String guarded(String value) {
        return guard && !value.isEmpty() && GUARDED.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    }

    @Override
    void flush() throws IOException {
        csv.flush();
    }
}
