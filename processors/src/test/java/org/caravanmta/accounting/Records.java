package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordType;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;

/** Records to write, and files read back with a parser that is not ours. */
final class Records {

    static final String[] COLUMNS = ("type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,"
            + "srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,"
            + "vmtaPool").split(",");
    /** 2016-08-01 18:06:01 UTC. */
    static final long TIME_MS = 1_470_074_761_000L;

    private Records() {
    }

    static final byte[] HEAD = (String.join(",", COLUMNS) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    static final AcctFile ALL = AcctFile.of("acct.csv", RecordType.D, RecordType.B, RecordType.T);

    /** One whose values are not guarded. */
    static AcctFile plain(AcctFile f) {
        return new AcctFile(f.path(), f.format(), f.records(), f.fields(), f.userString(), f.isoTimes(), false,
                f.filter(), f.privacy(), f.rotation(), f.pipe(), f.webhook());
    }

    /** One with another path and rotation. */
    static AcctFile with(String path, AcctFile.Rotation rotation) {
        AcctFile f = AcctFile.of(path, RecordType.D, RecordType.B, RecordType.T);
        return new AcctFile(f.path(), f.format(), f.records(), f.fields(), f.userString(), f.isoTimes(), true,
                f.filter(), f.privacy(), rotation, f.pipe(), null);
    }

    static AccountingRecord of(char type, String rcpt) {
        return of(type, rcpt, "smtp;250 2.0.0 ok");
    }

    static AccountingRecord of(char type, String rcpt, String diag) {
        return new AccountingRecord(type, TIME_MS, TIME_MS - 5000, "from@example.com", rcpt, null, "relayed",
                "2.0.0 (success)", diag, "mx.example.net (192.0.2.1)", "", "smtp", "client.example (10.0.0.1)", "smtp",
                "192.0.2.7", "192.0.2.1", "PIPELINING,8BITMIME", 2048, "news", "job-1", "env-1", "example.net/news",
                null);
    }

    /** Every text field holds {@code text}. */
    static AccountingRecord full(String text) {
        return new AccountingRecord('b', TIME_MS, TIME_MS, text, text, text, text, text, text, text, text, text, text,
                text, text, text, text, -1, text, text, text, text, text);
    }

    static byte[] event(char type, String... rcpts) {
        List<AccountingRecord> records = new ArrayList<>();
        for (String rcpt : rcpts)
            records.add(of(type, rcpt));
        return AccountingCodec.encode(records);
    }

    /** Rows with the header's row first, as Jackson reads them. */
    static List<String[]> rows(byte[] csv) throws IOException {
        try (MappingIterator<String[]> rows = new CsvMapper().readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY).readValues(csv)) {
            return rows.readAll();
        }
    }

    /** Recipients in a file's order; fails where the header is missing or stands twice, or a row is not whole. */
    static List<String> recipients(Path file) throws IOException {
        List<String[]> rows = rows(Files.readAllBytes(file));
        if (rows.isEmpty() || !List.of(rows.getFirst()).equals(List.of(COLUMNS)))
            throw new AssertionError(file + " does not begin with the header line");
        List<String> recipients = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            if (row.length != COLUMNS.length || row[0].equals("type"))
                throw new AssertionError("found row " + List.of(row));
            recipients.add(row[4]);
        }
        return recipients;
    }
}
