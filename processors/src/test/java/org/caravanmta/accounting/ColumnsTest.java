package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.Privacy;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.value.Misunderstood;
import org.junit.jupiter.api.Test;

class ColumnsTest {

    private static AcctFile file(boolean isoTimes, List<String> privacy, String... fields) throws Misunderstood {
        Map<RecordType, RecordFields> byType = new LinkedHashMap<>();
        for (String f : fields) {
            RecordFields r = new RecordFields.Form().parse(f);
            byType.put(r.type(), r);
        }
        List<Privacy> policies = new ArrayList<>();
        for (String p : privacy)
            policies.add(new Privacy.Form().parse(p));
        AcctFile all = Records.ALL;
        return new AcctFile("a.csv", AcctFormat.CSV, List.copyOf(byType.keySet()), byType, "mine", isoTimes, true,
                all.filter(), policies, all.rotation(), all.pipe(), null);
    }

    private static AccountingRecord record(String orig, String rcpt, String diag) {
        AccountingRecord r = Records.of('b', rcpt);
        return new AccountingRecord(r.type(), r.timeLoggedMs(), r.timeQueuedMs(), r.timeQueuedMs(), orig, rcpt,
                "rfc822;" + rcpt, r.dsnAction(), r.dsnStatus(), diag, r.dsnMta(), r.bounceCat(), r.srcType(),
                r.srcMta(),
                r.dlvType(), r.dlvSourceIp(), r.dlvDestinationIp(), r.dlvEsmtpAvailable(), -1, r.vmta(), r.jobId(),
                r.envId(), r.queue(), r.vmtaPool(), null, null, null, null, null,
                Map.of("Subject", "Hello", "To", rcpt));
    }

    private static String line(AcctFile file, AccountingRecord r) throws IOException {
        RecordFormat format = RecordFormat.of(file, ZoneOffset.UTC, "k3");
        format.add(r, 42);
        return new String(format.take(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void aFileHasTheUnionAndEachTypeItsOwn() throws Exception {
        AcctFile file = file(true, List.of(), "b rcpt,dsnDiag", "d rcpt,dlvSize");
        assertThat(new String(RecordFormat.of(file, ZoneOffset.UTC, "s").head(), StandardCharsets.UTF_8))
                .isEqualTo("type,rcpt,dsnDiag,dlvSize\r\n");
        assertThat(line(file, Records.of('b', "x@a.test"))).isEqualTo("b,x@a.test,smtp;250 2.0.0 ok,");
        assertThat(line(file, Records.of('d', "x@a.test"))).isEqualTo("d,x@a.test,,2048");
    }

    @Test
    void namesTakeAwayAndAdd() throws Exception {
        AcctFile file = file(false, List.of(),
                "b *,!dsnMta,!srcMta,totalSecondsQueued,timeFirstAttempt,userString,recordId,header_Subject,header_None,"
                        + "dlvTlsProtocol");
        String head = new String(RecordFormat.of(file, ZoneOffset.UTC, "s").head(), StandardCharsets.UTF_8).strip();
        assertThat(head).startsWith("type,timeLogged,timeQueued,orig").doesNotContain("dsnMta").doesNotContain("srcMta")
                .endsWith(
                        ",vmtaPool,totalSecondsQueued,timeFirstAttempt,userString,recordId,header_Subject,header_None,"
                                + "dlvTlsProtocol");
        assertThat(line(file, record("f@x.test", "r@y.test", "smtp;550 no")))
                .startsWith("b,1470074761,1470074756,f@x.test").endsWith(",5,1470074756,mine,k3-42,Hello,,");
    }

    @Test
    void redactedAddressesKeepTheirDomainAlsoWithinReplies() throws Exception {
        AcctFile file = file(true, List.of("redact \"-\"", "header_To redact"), "b orig,rcpt,orcpt,dsnDiag,header_To");
        assertThat(line(file, record("bounce+joe=y.test@x.test", "joe@y.test",
                "smtp;550 <joe@y.test>: joe is unknown, joey is not; ask postmaster@y.test"))).isEqualTo(
                        "b,'-@x.test,'-@y.test,rfc822;-@y.test,\"smtp;550 <-@y.test>: - is unknown, joey is not; ask "
                                + "-@y.test\",X");
    }

    @Test
    void hashesAreThoseOfOpenssl() throws Exception {
        AcctFile file = file(true, List.of("hmac-sha256 key", "orig retain"), "b orig,rcpt");
        // printf %s 'joe' | openssl dgst -sha256 -hmac key
        assertThat(line(file, record("f@x.test", "joe@y.test", "x"))).isEqualTo(
                "b,f@x.test,f3fa4d2fdf1c4183fa239777c565e4efb2e6c0c952322b90306043c48b21a1ef@y.test");
        assertThat(line(file, record("f@x.test", "joe@y.test", "x")))
                .isEqualTo(line(file(true, List.of("hmac-sha256-hexkey 6b6579", "orig retain"), "b orig,rcpt"),
                        record("f@x.test", "joe@y.test", "x")))
                .isNotEqualTo(line(file(true, List.of("hmac-sha256 other", "orig retain"), "b orig,rcpt"),
                        record("f@x.test", "joe@y.test", "x")));
    }
}
