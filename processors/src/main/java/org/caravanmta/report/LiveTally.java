package org.caravanmta.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What files hold so far, and what is added to them: each record is read once, also after its file was renamed. One thread. */
public final class LiveTally implements AutoCloseable {

    private final RowFilter filter;
    private final BadLines bad;
    private final Map<Object, RecordReader> readers = new HashMap<>();
    private final Tally tally = new Tally();
    private final Row row = new Row();

    public LiveTally(RowFilter filter, BadLines bad) {
        this.filter = filter;
        this.bad = bad;
    }

    /** Takes in what is new, of files that were read before and of new ones. */
    public Tally read(List<Input> inputs) {
        for (Input i : inputs) {
            try {
                read(i);
            } catch (NoSuchFileException e) {
                // Renamed since it was listed; the next list has its new name.
            } catch (IOException e) {
                bad.add(i.path().toString(), 0, "cannot be read: " + e.getMessage());
            }
        }
        return tally;
    }

    private void read(Input i) throws IOException {
        BasicFileAttributes file = Files.readAttributes(i.path(), BasicFileAttributes.class);
        if (file.size() == 0)
            return;
        RecordReader reader = readers.get(file.fileKey());
        if (reader == null) {
            InputStream in = Files.newInputStream(i.path());
            reader = RecordReader.open(in, i.path().toString(), bad);
            readers.put(file.fileKey(), reader);
        }
        while (reader.next(row, false))
            if ((i.types().isEmpty() || i.types().contains(row.get(RecordField.TYPE))) && filter.takes(row))
                tally.add(row);
    }

    @Override
    public void close() throws IOException {
        for (RecordReader r : readers.values())
            r.close();
    }
}
