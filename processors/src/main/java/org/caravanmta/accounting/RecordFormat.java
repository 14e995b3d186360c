package org.caravanmta.accounting;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.ZoneId;

import org.caravanmta.config.accounting.AcctFile;

/** Records as bytes that one parser reads back as they were. One thread. */
abstract class RecordFormat {

    final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 18);
    final Columns columns;

    RecordFormat(Columns columns) {
        this.columns = columns;
    }

    /** @param stream what record ids begin with */
    static RecordFormat of(AcctFile config, ZoneId zone, String stream) throws IOException {
        Columns columns = new Columns(config, zone, stream);
        return switch (config.format()) {
            case CSV -> new CsvFormat(columns, config.formulaGuard());
            case XML -> new XmlFormat(columns);
            case JSON -> new JsonFormat(columns);
        };
    }

    /** What a file begins with. */
    abstract byte[] head();

    /** What a finished file ends with. */
    byte[] tail() {
        return new byte[0];
    }

    /** @param number of the record in its stream */
    abstract void add(AccountingRecord r, long number) throws IOException;

    /** Bytes added since the last call of {@link #take()}, or a little less. */
    int size() {
        return out.size();
    }

    abstract void flush() throws IOException;

    /** Everything added since the last call. */
    byte[] take() throws IOException {
        flush();
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }
}
