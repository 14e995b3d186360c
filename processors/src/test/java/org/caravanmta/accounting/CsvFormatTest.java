package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CsvFormatTest {

    static Stream<String> texts() {
        return Stream.of("", "plain", "a,b", "say \"no\"", "\"", "\"\"", "\",\"", "line\r\nline", "cr\ronly",
                "lf\nonly",
                "\r\n", "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A1", "\tx", "smtp;550 5.1.1 <a@b>: \"x\", y\n",
                "jörg@bücher.example", "用户", "😀", "'", ";", "\\", "\\\"", "\u0001\u001b\u007f\u2028",
                "x".repeat(100_000));
    }

    private static byte[] csv(AccountingRecord... records) {
        CsvFormat format = new CsvFormat(ZoneOffset.UTC);
        for (AccountingRecord r : records)
            format.add(r);
        return format.take();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void everyTextIsReadBackAsItWas(String text) throws IOException {
        List<String[]> rows = Records.rows(csv(Records.full(text), Records.of('d', "next@example.net")));
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0)).hasSize(Records.COLUMNS.length);
        for (int i = 3; i < Records.COLUMNS.length; i++)
            assertThat(rows.get(0)[i]).as(Records.COLUMNS[i]).isEqualTo(i == 17 ? "" : text);
        assertThat(rows.get(1)[4]).isEqualTo("next@example.net");
    }

    @Test
    void columnsAreThoseThatParsersExpect() {
        assertThat(CsvFormat.HEADER).isEqualTo("type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,"
                + "dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,"
                + "jobId,envId,queue,vmtaPool\r\n");
    }

    @Test
    void aDeliveryInItsValueForms() {
        CsvFormat format = new CsvFormat(ZoneId.of("America/New_York"));
        format.add(Records.of('d', "user@example.net"));
        assertThat(new String(format.take(), StandardCharsets.UTF_8)).isEqualTo(
                "d,2016-08-01 14:06:01-0400,2016-08-01 14:05:56-0400,from@example.com,user@example.net,,relayed,"
                        + "2.0.0 (success),smtp;250 2.0.0 ok,mx.example.net (192.0.2.1),,smtp,client.example (10.0.0.1),"
                        + "smtp,192.0.2.7,192.0.2.1,\"PIPELINING,8BITMIME\",2048,news,job-1,env-1,example.net/news,\r\n");
    }

    @Test
    void timesFollowTheZoneThroughItsChangeOfClocks() throws IOException {
        CsvFormat format = new CsvFormat(ZoneId.of("Europe/Berlin"));
        long summerEndsMs = 1_729_990_800_000L;
        for (long ms : new long[] { summerEndsMs - 1, summerEndsMs, summerEndsMs + 999, summerEndsMs - 1 })
            format.add(new AccountingRecord('d', ms, summerEndsMs - 1, null, null, null, null, null, null, null, null,
                    null, null, null, null, null, null, 0, null, null, null, null, null));
        List<String[]> rows = Records.rows(format.take());
        assertThat(rows).extracting(r -> r[1]).containsExactly("2024-10-27 02:59:59+0200", "2024-10-27 02:00:00+0100",
                "2024-10-27 02:00:00+0100", "2024-10-27 02:59:59+0200");
        assertThat(rows).extracting(r -> r[2]).containsOnly("2024-10-27 02:59:59+0200");
        assertThat(rows).extracting(r -> r[17]).containsOnly("0");
    }

    @Test
    void nulBecomesTheReplacementCharacter() throws IOException {
        assertThat(Records.rows(csv(Records.of('b', "a\0b"))).getFirst()[4]).isEqualTo("a\ufffdb");
    }

    @Test
    void missingFieldsAreEmpty() {
        assertThat(new String(csv(Records.full(null)), StandardCharsets.UTF_8))
                .isEqualTo("b,2016-08-01 18:06:01+0000,2016-08-01 18:06:01+0000,,,,,,,,,,,,,,,,,,,,\r\n");
    }

    @Test
    void whatWasTakenDoesNotComeAgain() {
        CsvFormat format = new CsvFormat(ZoneOffset.UTC);
        format.add(Records.of('d', "user@example.net"));
        assertThat(format.take()).isNotEmpty();
        assertThat(format.take()).isEmpty();
    }
}
