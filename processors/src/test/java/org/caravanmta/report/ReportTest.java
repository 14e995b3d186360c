package org.caravanmta.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.caravanmta.accounting.WrittenRecords.record;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.caravanmta.accounting.AccountingRecord;
import org.caravanmta.accounting.WrittenRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

class ReportTest {

    private static final String HOSTILE = "<script>alert(\"x\")</script>\u001b[31m\u0000\u009b2J\u202e,\"quoted\"\r\n'&&amp; ]]> \\u0041";

    @TempDir
    Path folder;

    /** Counted by hand: 4 delivered in 1, 2, 3 and 100 s, 2 bounced, 1 expired, 2 deferred; the last one an hour later. */
    private static List<AccountingRecord> records() {
        return List.of(record('d', 0, 1, "a@one.example", "smtp;250 ok", null, "v1", "j1"),
                record('d', 1, 2, "b@ONE.example", "smtp;250 ok", null, "v1", "j1"),
                record('d', 2, 3, "c@two.example", "smtp;250 ok", null, "v2", "j1"),
                record('t', 3, 3, "d@two.example", "smtp;450 4.7.1 try in 300 seconds", "other", "v2", null),
                record('t', 4, 3, "d@two.example", "smtp;450 4.7.1 try in 17 seconds", "other", "v2", null),
                record('b', 5, 9, "e@two.example", "smtp;550 5.1.1 <e@two.example> unknown, id=Xa93", "bad-mailbox",
                        "v2",
                        "j2"),
                record('b', 6, 9, "f@one.example", "smtp;550 5.1.1 <f@one.example> unknown, id=77", "bad-mailbox", "v1",
                        "j2"),
                record('b', 7, 9, "g@one.example", null, "message-expired", "v1", "j2"),
                record('d', 3600, 100, "d@two.example", "smtp;250 ok", null, "v2", null));
    }

    private static Report report(RowFilter filter, BadLines[] bad, Path... files) throws Exception {
        ReportRun run = new ReportRun(filter, done -> {
        });
        Aggregate a = run.aggregate(Input.of(List.of(files)), () -> new Aggregate(ZoneOffset.UTC));
        bad[0] = run.bad();
        return Report.of(ReportKind.SUMMARY, null, ReportKind.SUMMARY.dimensions(), a, 20, run.bad(), List.of());
    }

    private static Report report(Path... files) throws Exception {
        return report(RowFilter.ALL, new BadLines[1], files);
    }

    private static String text(ReportFormat format, Report report) throws IOException {
        StringBuilder out = new StringBuilder();
        format.write(report, out);
        return out.toString();
    }

    private static Tally of(Report r, Dimension d, String name) {
        return r.tables().stream().filter(t -> t.dimension() == d).flatMap(t -> t.lines().stream())
                .filter(l -> l.name().equals(name)).findFirst().orElseThrow().tally();
    }

    @Test
    void countsAreThoseCountedByHand() throws Exception {
        Report r = report(WrittenRecords.write(folder.resolve("acct.csv"), records()));
        assertThat(r.records()).isEqualTo(9);
        assertThat(r.all().delivered()).isEqualTo(4);
        assertThat(r.all().bounced()).isEqualTo(2);
        assertThat(r.all().expired()).isEqualTo(1);
        assertThat(r.all().deferred()).isEqualTo(2);
        assertThat(r.all().deliveredShare()).isEqualTo(4 / 7.0);
        assertThat(r.all().secondsAt(50)).isEqualTo(2);
        assertThat(r.all().secondsAt(99)).isEqualTo(100);
        assertThat(of(r, Dimension.DOMAIN, "one.example").delivered()).isEqualTo(2);
        assertThat(of(r, Dimension.DOMAIN, "two.example").deferred()).isEqualTo(2);
        assertThat(of(r, Dimension.VMTA, "v2").settled()).isEqualTo(3);
        assertThat(of(r, Dimension.JOB, "j2").expired()).isEqualTo(1);
        assertThat(of(r, Dimension.JOB, "").delivered()).isEqualTo(1);
        assertThat(of(r, Dimension.CATEGORY, "bad-mailbox").bounced()).isEqualTo(2);
        assertThat(of(r, Dimension.HOUR, "2016-08-01 18:00").settled()).isEqualTo(6);
        assertThat(of(r, Dimension.HOUR, "2016-08-01 19:00").delivered()).isEqualTo(1);
        assertThat(r.period()).isEqualTo("2016-08-01 18:06 +00:00 to 2016-08-01 19:06 +00:00");
    }

    @Test
    void repliesThatSayTheSameAreOne() throws Exception {
        Report r = report(WrittenRecords.write(folder.resolve("acct.csv"), records()));
        assertThat(r.reasons().get(0).replies().getFirst()).isEqualTo(new Replies.Reply("bad-mailbox",
                "550 5.1.1 <(address)> unknown, id=#", "smtp;550 5.1.1 <e@two.example> unknown, id=Xa93",
                "mx.example.net (192.0.2.1)", 2));
        assertThat(r.reasons().get(1).replies()).extracting(Replies.Reply::pattern, Replies.Reply::count)
                .containsExactly(tuple("450 4.7.1 try in # seconds", 2L));
    }

    @Test
    void patternsKeepCodesAndWords() {
        assertThat(ReplyPattern.of("smtp;550-5.7.26 not from 192.0.2.17 see 3f2a9"))
                .isEqualTo("550 5.7.26 not from (ip) see #");
        assertThat(ReplyPattern.of("421 4.7.0 id=abc  later\r\nagain")).isEqualTo("421 4.7.0 id=# later again");
        assertThat(ReplyPattern.of("smtp;" + "9 \u001b".repeat(100_000))).hasSizeLessThan(200);
    }

    @Test
    void allFormatsAndCompressionGiveTheSameReport() throws Exception {
        List<AccountingRecord> all = new ArrayList<>(records());
        all.add(record('b', 8, 1, "=cmd@evil.example", HOSTILE, HOSTILE, HOSTILE, HOSTILE));
        String csv = text(ReportFormat.JSON, report(WrittenRecords.write(folder.resolve("acct.csv"), all)));
        assertThat(text(ReportFormat.JSON, report(WrittenRecords.write(folder.resolve("acct.xml"), all))))
                .isEqualTo(csv);
        assertThat(text(ReportFormat.JSON, report(WrittenRecords.write(folder.resolve("acct.json"), all))))
                .isEqualTo(csv);
        Path zipped = folder.resolve("acct.csv.gz");
        try (GZIPOutputStream gz = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            gz.write(Files.readAllBytes(folder.resolve("acct.csv")));
        }
        assertThat(text(ReportFormat.JSON, report(zipped))).isEqualTo(csv);
        assertThat(new ObjectMapper().readTree(csv).path("category").path(2).path("name").asText()).isEqualTo(HOSTILE);
    }

    @Test
    void otherColumnsInOtherOrderWithUnixTimes() throws Exception {
        Report r = report(WrittenRecords.write(folder.resolve("acct.csv"),
                List.of("type", "userString", "rcpt", "totalSecondsQueued", "header_X-A", "timeLogged", "dsnStatus"),
                records()));
        assertThat(r.records()).isEqualTo(9);
        assertThat(r.all().secondsAt(99)).isEqualTo(100);
        assertThat(of(r, Dimension.HOUR, "2016-08-01 19:00").delivered()).isEqualTo(1);
        assertThat(of(r, Dimension.DOMAIN, "one.example").delivered()).isEqualTo(2);
        assertThat(r.notes()).isEmpty();
    }

    @Test
    void severalFilesAddUpAndFiltersNarrowDown() throws Exception {
        WrittenRecords.write(folder.resolve("acct-2016-08-01-0001.csv"), records());
        WrittenRecords.write(folder.resolve("acct.json"), records());
        Files.writeString(folder.resolve("readme.txt"), "not one of them");
        assertThat(report(folder).all().delivered()).isEqualTo(8);
        long from = WrittenRecords.TIME_MS + 1000;
        RowFilter filter = new RowFilter(from, from + 5000, Set.of(), Set.of(), Set.of("two.example"), Set.of());
        Report r = report(filter, new BadLines[1], folder);
        assertThat(List.of(r.all().delivered(), r.all().deferred(), r.all().bounced())).containsExactly(2L, 4L, 2L);
        RowFilter job = new RowFilter(0, Long.MAX_VALUE, Set.of("j2"), Set.of("v1"), Set.of(), Set.of("b"));
        assertThat(report(job, new BadLines[1], folder).records()).isEqualTo(4);
    }

    @Test
    void badLinesAreNamedAndTheOthersCounted() throws Exception {
        Path csv = WrittenRecords.write(folder.resolve("acct.csv"), records());
        List<String> lines = new ArrayList<>(Arrays.asList(Files.readString(csv).split("\r\n")));
        lines.add(3, "d,2016-08-01,too few");
        lines.add(5, lines.get(4).replace("smtp;", "\"never closed"));
        Files.writeString(csv, String.join("\r\n", lines) + "\r\nd,torn");
        Path json = WrittenRecords.write(folder.resolve("acct.json"), records());
        Files.writeString(json, "{\"type\":\n[1,2]\n\u0000\n", StandardOpenOption.APPEND);
        Path xml = WrittenRecords.write(folder.resolve("acct.xml"), records());
        Files.writeString(xml,
                Files.readString(xml).replace("</accounting>",
                        "<record type=\"d\"><orig>a</rcpt></record>\n<!DOCTYPE x>\n<record type=\"d\"><orig>torn"));
        Path gz = Files.write(folder.resolve("acct-torn.csv.gz"), new byte[] { 0x1f, (byte) 0x8b, 8, 0, 1 });
        BadLines[] bad = new BadLines[1];
        Report r = report(RowFilter.ALL, bad, csv, json, xml, gz, folder.resolve("none.csv"));
        assertThat(r.records()).isEqualTo(27);
        assertThat(bad[0].named()).anyMatch(b -> b.startsWith(csv + ":4: 3 fields where 23"))
                .anyMatch(b -> b.startsWith(csv + ":6: ")).anyMatch(b -> b.startsWith(csv + ":13: "))
                .anyMatch(b -> b.startsWith(json + ":10: ")).anyMatch(b -> b.startsWith(json + ":11: "))
                .anyMatch(b -> b.startsWith(json + ":12: ")).anyMatch(b -> b.startsWith(xml + ":12: "))
                .anyMatch(b -> b.startsWith(xml + ":13: ")).anyMatch(b -> b.startsWith(xml + ":14: "))
                .anyMatch(b -> b.startsWith(gz + ": ")).anyMatch(b -> b.contains("none.csv: no such file"));
        assertThat(r.notes()).contains(bad[0].named().getFirst());
    }

    /** Whatever becomes of its bytes, reading ends, and what is not touched counts. */
    @Test
    void damageNeverEndsAReport() throws Exception {
        Random random = new Random(7);
        for (String end : List.of("csv", "xml", "json")) {
            byte[] whole = Files.readAllBytes(WrittenRecords.write(folder.resolve("whole." + end), records()));
            int first = new String(whole, StandardCharsets.US_ASCII).indexOf("a@one.example");
            for (int i = 0; i < 150; i++) {
                byte[] damaged = whole.clone();
                for (int n = random.nextInt(4); n >= 0; n--)
                    damaged[first + random.nextInt(whole.length - first)] = (byte) "\"<>&/,{}\n\\\0x".charAt(
                            random.nextInt(12));
                Path file = Files.write(folder.resolve("damaged." + end), damaged);
                BadLines[] bad = new BadLines[1];
                Report r = report(RowFilter.ALL, bad, file);
                assertThat(r.records()).as(new String(damaged, StandardCharsets.ISO_8859_1)).isBetween(4L, 9L);
                assertThat(r.records() + bad[0].count()).isGreaterThanOrEqualTo(7);
            }
        }
    }

    @Test
    void nothingHostileReachesTerminalSpreadsheetOrBrowser() throws Exception {
        Path file = WrittenRecords.write(folder.resolve("acct.csv"),
                List.of(record('b', 0, 1, "x@=cmd|' /C calc'!A0", HOSTILE, HOSTILE, "=1+1", "@SUM(A1)"),
                        record('d', 0, 1, "x@" + HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)));
        Report r = report(file);
        String terminal = text(ReportFormat.TEXT, r);
        assertThat(terminal.chars().filter(c -> c != '\n' && Character.isISOControl(c))).isEmpty();
        assertThat(terminal).doesNotContain("\u202e");
        String csv = text(ReportFormat.CSV, r);
        assertThat(csv).contains("vmta,'=1+1,", "job,'@SUM(A1),", "domain,'=cmd");
        assertThat(csv.lines()).noneMatch(l -> l.matches(".*(^|,)[=+@\t-].*"));
        String html = text(ReportFormat.HTML, r);
        assertThat(html).doesNotContain("<script", "\u001b", "\u0000", "\u202e", "http:", "https:", "src=", "url(");
        Document page = xml(html.substring(html.indexOf("<html")));
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(1);
        assertThat(page.getDocumentElement().getTextContent()).contains("<script>alert(\"x\")</script>?[31m");
        assertThat(xml(text(ReportFormat.XML, r)).getElementsByTagName("reply").getLength()).isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(text(ReportFormat.JSON, r));
        assertThat(json.path("bounces").path(0).path("sample").asText()).isEqualTo(HOSTILE);
        assertThat(text(ReportFormat.JSON, r).chars().allMatch(c -> c < 127)).isTrue();
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void moreNamesThanAreKeptBecomeOthersAndTheSumStays() {
        Aggregate a = new Aggregate(ZoneOffset.UTC, 10);
        Row row = new Row();
        for (int i = 0; i < 100; i++) {
            row.clear(i);
            row.set(RecordField.TYPE, "d");
            row.set(RecordField.RCPT, i % 2 == 0 ? "x@big.example" : "x@d" + i + ".example");
            a.add(row);
        }
        Report r = Report.of(ReportKind.SUMMARY, null, List.of(Dimension.DOMAIN), a, 3, new BadLines(), List.of());
        List<Report.Line> lines = r.tables().getFirst().lines();
        assertThat(lines).hasSize(4);
        assertThat(lines.getFirst().name()).isEqualTo("big.example");
        assertThat(lines.getFirst().tally().delivered()).isEqualTo(50);
        assertThat(lines.getLast().others()).isTrue();
        assertThat(lines.stream().mapToLong(l -> l.tally().delivered()).sum()).isEqualTo(100);
        assertThat(r.notes()).anyMatch(n -> n.startsWith("Domains: more names than are kept"));
    }

    @Test
    void recordsOfARecipientAreInOrderOfTime() throws Exception {
        Path later = WrittenRecords.write(folder.resolve("a.csv"), List.of(records().get(8)));
        Path earlier = WrittenRecords.write(folder.resolve("b.xml"), records().subList(0, 8));
        RecipientSearch search = new RecipientSearch(new ReportRun(RowFilter.ALL, done -> {
        }), Input.of(List.of(later, earlier)), "D@two.example", "from@example.com");
        assertThat(search.found()).extracting(RecipientSearch.Found::type).containsExactly("t", "t", "d");
        assertThat(search.found().getLast().file()).isEqualTo(later.toString());
        assertThat(search.found().getLast().line()).isEqualTo(2);
    }

    @Test
    void growingAndRenamedFilesAreReadOnce() throws Exception {
        for (String end : List.of("csv", "xml", "json")) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(Files.readAllBytes(WrittenRecords.write(folder.resolve("whole." + end), records())));
            Path file = folder.resolve("acct." + end);
            byte[] bytes = all.toByteArray();
            try (LiveTally live = new LiveTally(RowFilter.ALL, new BadLines())) {
                int half = bytes.length / 2;
                Files.write(file, Arrays.copyOf(bytes, half));
                long first = live.read(Input.of(List.of(file))).settled();
                assertThat(first).isBetween(1L, 6L);
                Path renamed = Files.move(file, folder.resolve("acct-2016-08-01-0001." + end));
                Files.write(renamed, Arrays.copyOfRange(bytes, half, bytes.length), StandardOpenOption.APPEND);
                assertThat(live.read(Input.of(List.of(renamed))).settled()).isEqualTo(7);
                assertThat(live.read(Input.of(List.of(renamed))).settled()).isEqualTo(7);
            }
        }
    }
}
