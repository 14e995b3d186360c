package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import org.caravanmta.config.accounting.AcctFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CsvFormatTest {

    static Stream<String> texts() {
        return Stream.of("", "plain", "a,b", "say \"no\"", "\"", "\"\"", "\",\"", "line\r\nline", "cr\ronly",
                "lf\nonly",
                "\r\n", "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A1", "\tx", "smtp;550 5.1.1 <a@b>: \"x\", y\n",
                "jörg@bücher.example", "用户", "😀", "'", ";", "\\", "\\\"", "\u0001\u001b\u007f\u2028",
                "\0", "a\0b", "x".repeat(100_000));
    }

    private static RecordFormat format(AcctFile config, ZoneId zone) throws IOException {
        return RecordFormat.of(config, zone, "s");
    }

    private static byte[] csv(AccountingRecord... records) throws IOException {
        RecordFormat format = format(Records.plain(Records.ALL), ZoneOffset.UTC);
        for (AccountingRecord r : records)
            format.add(r, 1);
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
    void columnsAreThoseThatParsersExpect() throws IOException {
        assertThat(new String(format(Records.ALL, ZoneOffset.UTC).head(), StandardCharsets.UTF_8))
                .isEqualTo("type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,"
                        + "dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,"
                        + "jobId,envId,queue,vmtaPool\r\n");
    }

    @Test
    void aDeliveryInItsValueForms() throws IOException {
        RecordFormat format = format(Records.ALL, ZoneId.of("America/New_York"));
        format.add(Records.of('d', "user@example.net"), 1);
        assertThat(new String(format.take(), StandardCharsets.UTF_8)).isEqualTo(
                "d,2016-08-01 14:06:01-0400,2016-08-01 14:05:56-0400,from@example.com,user@example.net,,relayed,"
                        + "2.0.0 (success),smtp;250 2.0.0 ok,mx.example.net (192.0.2.1),,smtp,client.example (10.0.0.1),"
                        + "smtp,192.0.2.7,192.0.2.1,\"PIPELINING,8BITMIME\",2048,news,job-1,env-1,example.net/news,\r\n");
    }

    @Test
    void timesFollowTheZoneThroughItsChangeOfClocks() throws IOException {
        RecordFormat format = format(Records.ALL, ZoneId.of("Europe/Berlin"));
        long summerEndsMs = 1_729_990_800_000L;
        for (long ms : new long[] { summerEndsMs - 1, summerEndsMs, summerEndsMs + 999, summerEndsMs - 1 })
            format.add(new AccountingRecord('d', ms, summerEndsMs - 1, null, null, null, null, null, null, null, null,
                    null, null, null, null, null, null, 0, null, null, null, null, null), 1);
        List<String[]> rows = Records.rows(format.take());
        assertThat(rows).extracting(r -> r[1]).containsExactly("2024-10-27 02:59:59+0200", "2024-10-27 02:00:00+0100",
                "2024-10-27 02:00:00+0100", "2024-10-27 02:59:59+0200");
        assertThat(rows).extracting(r -> r[2]).containsOnly("2024-10-27 02:59:59+0200");
        assertThat(rows).extracting(r -> r[17]).containsOnly("0");
    }

    @Test
    void aGuardedFieldIsNoFormulaAndComesBackWithoutItsApostrophe() throws IOException {
        for (String text : texts().toList()) {
            RecordFormat format = format(Records.ALL, ZoneOffset.UTC);
            format.add(Records.full(text), 1);
            String read = Records.rows(format.take()).getFirst()[4];
            assertThat(read).doesNotStartWith("=").doesNotStartWith("+").doesNotStartWith("-").doesNotStartWith("@")
                    .doesNotStartWith("\t").doesNotStartWith("\r");
            assertThat(read.startsWith("'") ? read.substring(1) : read).isEqualTo(text);
        }
    }

    @Test
    void missingFieldsAreEmpty() throws IOException {
        assertThat(new String(csv(Records.full(null)), StandardCharsets.UTF_8))
                .isEqualTo("b,2016-08-01 18:06:01+0000,2016-08-01 18:06:01+0000,,,,,,,,,,,,,,,,,,,,\r\n");
    }

    @Test
    void whatWasTakenDoesNotComeAgain() throws IOException {
        RecordFormat format = format(Records.ALL, ZoneOffset.UTC);
        format.add(Records.of('d', "user@example.net"), 1);
        assertThat(format.take()).isNotEmpty();
        assertThat(format.take()).isEmpty();
    }
}
