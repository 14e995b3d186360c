package org.caravanmta.accounting;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;

/** Files as the exports write them, for those who read them. */
public final class WrittenRecords {

    /** 2016-08-01 18:06:01 UTC. */
    public static final long TIME_MS = Records.TIME_MS;

    private WrittenRecords() {
    }

    public static AccountingRecord record(char type, int secondsLater, int secondsQueued, String rcpt, String diag,
            String category, String vmta, String job) {
        long at = TIME_MS + secondsLater * 1000L;
        return new AccountingRecord(type, at, at - secondsQueued * 1000L, "from@example.com", rcpt, null, "x",
                "5.1.1 (bad)", diag, "mx.example.net (192.0.2.1)", category, "smtp", "c (10.0.0.1)", "smtp",
                "192.0.2.7", "192.0.2.1", "SIZE", 2048, vmta, job, null, "example.net/" + vmta, "pool");
    }

    /** The format by the end of the name. */
    public static Path write(Path file, List<AccountingRecord> records) throws IOException {
        return write(file, AcctFile.of(file.toString(), RecordType.D, RecordType.B, RecordType.T), records);
    }

    /** With these columns alone and times as Unix seconds. */
    public static Path write(Path file, List<String> columns, List<AccountingRecord> records) throws IOException {
        AcctFile f = AcctFile.of(file.toString(), RecordType.D, RecordType.B, RecordType.T);
        Map<RecordType, RecordFields> fields = new LinkedHashMap<>();
        for (RecordType t : f.records())
            fields.put(t, new RecordFields(t, columns));
        return write(file, new AcctFile(f.path(), f.format(), f.records(), fields, null, false, true, f.filter(),
                List.of(), f.rotation(), f.pipe(), null), records);
    }

    private static Path write(Path file, AcctFile config, List<AccountingRecord> records) throws IOException {
        RecordFormat format = RecordFormat.of(config, ZoneOffset.ofHours(-4), "s");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(format.head());
        long n = 0;
        for (AccountingRecord r : records)
            format.add(r, ++n);
        out.write(format.take());
        out.write(format.tail());
        return Files.write(file, out.toByteArray());
    }
}
