package org.caravanmta.report;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * CSV (RFC 4180) with a first line that names the columns; the formula guard is taken off. A row that does not fit is bad
 * by itself: what follows in its lines is looked at again, so that one stray quote does not swallow the file.
 */
final class CsvRows extends RecordReader {

    private static final String GUARDED = "=+-@\t\r\n'";
    private static final int INCOMPLETE = -1;
    private static final int BAD = -2;

    private RecordField[] columns;
    private int[] from = new int[64];
    private int[] to = new int[64];
    private int fields;
    private int lines;

    CsvRows(InputStream in, String name, BadLines bad) {
        super(in, name, bad);
    }

    @Override
    boolean next(Row row, boolean last) throws IOException {
        while (true) {
            int next = split(false);
            while (next == INCOMPLETE && fill())
                next = split(false);
            if (next == INCOMPLETE && (end == start || !last && end - start < buffer.length))
                return false;
            if (next == INCOMPLETE)
                next = split(true);
            if (next < 0) {
                skipLine("a quote without its other one");
                continue;
            }
            if (fields == 1 && from[0] == to[0]) {
                pass(next);
                continue;
            }
            if (columns == null) {
                header(next);
                continue;
            }
            if (fields != columns.length) {
                skipLine(fields + " fields where " + columns.length + " are named");
                continue;
            }
            row.clear(line);
            for (int i = 0; i < fields; i++)
                if (columns[i] != null)
                    row.set(columns[i], value(i));
            pass(next);
            return true;
        }
    }

    /** The fields of the row at {@code start}; where the next one begins. */
    private int split(boolean atEnd) {
        byte[] b = buffer;
        int stop = end;
        int i = start;
        fields = 0;
        lines = 0;
        while (true) {
            if (fields == from.length) {
                from = Arrays.copyOf(from, fields * 2);
                to = Arrays.copyOf(to, fields * 2);
            }
            if (i < stop && b[i] == '"') {
                from[fields] = i++;
                while (true) {
                    while (i < stop && b[i] != '"') {
                        if (b[i] == '\n')
                            lines++;
                        i++;
                    }
                    if (i >= stop)
                        return atEnd ? BAD : INCOMPLETE;
                    if (i + 1 < stop && b[i + 1] == '"') {
                        i += 2;
                        continue;
                    }
                    break;
                }
                i++;
            } else {
                from[fields] = i;
                while (i < stop && b[i] != ',' && b[i] != '\n')
                    i++;
            }
            if (i >= stop && !atEnd)
                return INCOMPLETE;
            to[fields] = i;
            if (i < stop && b[i] == ',') {
                fields++;
                i++;
                continue;
            }
            boolean quoted = from[fields] < i && b[from[fields]] == '"';
            if (i < stop && b[i] == '\r' && quoted)
                i++;
            if (i >= stop)
                return end(atEnd, i);
            if (b[i] != '\n')
                return BAD;
            if (!quoted && to[fields] > from[fields] && b[to[fields] - 1] == '\r')
                to[fields]--;
            fields++;
            lines++;
            return i + 1;
        }
    }

    private int end(boolean atEnd, int at) {
        if (!atEnd)
            return INCOMPLETE;
        fields++;
        return at;
    }

    private void pass(int next) {
        start = next;
        line += lines;
    }

    private void header(int next) {
        List<RecordField> named = new ArrayList<>();
        boolean type = false;
        for (int i = 0; i < fields; i++) {
            String name = value(i);
            RecordField field = RecordField.ofColumn(name.startsWith("\ufeff") ? name.substring(1) : name);
            type |= field == RecordField.TYPE;
            named.add(field);
        }
        if (!type) {
            named.clear();
            fields = 1;
        }
        columns = named.toArray(new RecordField[0]);
        pass(next);
    }

    private String value(int i) {
        int a = from[i];
        int z = to[i];
        String value;
        if (a < z && buffer[a] == '"') {
            value = texts.of(buffer, a + 1, z - 1);
            if (value.indexOf('"') >= 0)
                value = value.replace("\"\"", "\"");
        } else {
            value = texts.of(buffer, a, z);
        }
        return value.length() > 1 && value.charAt(0) == '\'' && GUARDED.indexOf(value.charAt(1)) >= 0
                ? value.substring(1)
                : value;
    }
}
