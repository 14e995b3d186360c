package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.caravanmta.sink.ReceivedMail;
import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of each recipient, and the records that say so. */
class OutcomesTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;
    private static Mx mx;
    private static LocalGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        mx = new Mx("127.21.0.2", 0, new SinkScript().rcpt("gone*", "550 5.1.1 no such user", 0)
                .rcpt("later*", "451 4.7.1 come back later", 1).rcpt("*@never.test", "452 4.2.2 mailbox full", 0));
        gateway = LocalGateway.start(home, """
                host-name: gw.test
                smtp-listener: [ "127.21.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: only }
                virtual-mta:
                  only: { smtp-source-host: [ "127.21.1.1 only.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "%s" ], retry-after: [ 1s ], bounce-after: 1h }
                  never.test: { bounce-after: 2s }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(mx.hop()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        mx.close();
    }

    @AfterEach
    void conserved() throws Exception {
        gateway.assertConserved(mx);
    }

    @Test
    void oneTransactionForEachDestination() throws Exception {
        gateway.take(SmtpClient.text(), "s1@one.test", "s2@two.test", "s3@ONE.test", "s4@three.test");
        ReceivedMail one = mx.awaitMail("s1@one.test");
        assertThat(one.recipients()).containsExactly("s1@one.test", "s3@ONE.test");
        assertThat(mx.awaitMail("s2@two.test").recipients()).containsExactly("s2@two.test");
        assertThat(mx.awaitMail("s4@three.test").recipients()).containsExactly("s4@three.test");
        assertThat(mx.awaitMail("s4@three.test").data()).isEqualTo(one.data());
    }

    @Test
    void oneRefusedRecipientOfSeveralBouncesAlone() throws Exception {
        gateway.take(SmtpClient.text(), "b1@some.test", "gone@some.test", "b2@some.test");
        assertThat(mx.awaitMail("b1@some.test").recipients()).containsExactly("b1@some.test", "b2@some.test");
        AcctCsv.Line bounce = gateway.records("gone@some.test").getFirst();
        assertThat(bounce.get("type")).isEqualTo("b");
        assertThat(bounce.get("dsnAction")).isEqualTo("failed");
        assertThat(bounce.get("dsnStatus")).isEqualTo("5.1.1 (bad destination mailbox address)");
        assertThat(bounce.get("dsnDiag")).isEqualTo("smtp;550 5.1.1 no such user");
        assertThat(bounce.get("bounceCat")).isEqualTo("bad-mailbox");
        assertThat(bounce.get("dlvDestinationIp")).isEqualTo("127.21.0.2");
        assertThat(gateway.records("b2@some.test").getFirst().delivered()).isTrue();
    }

    @Test
    void whatIsRefusedForNowIsTriedAgainAndDelivered() throws Exception {
        gateway.take(SmtpClient.text(), "later1@retry.test", "now@retry.test", "later2@retry.test");
        assertThat(mx.awaitMail("now@retry.test").recipients()).containsExactly("now@retry.test");
        assertThat(mx.awaitMail("later1@retry.test").recipients()).containsExactly("later1@retry.test",
                "later2@retry.test");
        List<AcctCsv.Line> records = gateway.records("later2@retry.test");
        assertThat(records).extracting(r -> r.get("type")).containsExactly("t", "d");
        assertThat(records.getFirst().get("dsnDiag")).isEqualTo("smtp;451 4.7.1 come back later");
        assertThat(records.getFirst().get("bounceCat")).isEqualTo("policy-related");
        assertThat(records.getLast().get("bounceCat")).isEmpty();
        assertThat(records.getFirst().get("timeQueued")).isEqualTo(records.getLast().get("timeQueued"));
    }

    @Test
    void whatIsRefusedTooLongExpires() throws Exception {
        gateway.take(SmtpClient.text(), "old@never.test");
        List<AcctCsv.Line> records = gateway.records("old@never.test");
        assertThat(records).hasSizeGreaterThan(1);
        assertThat(records.subList(0, records.size() - 1)).extracting(r -> r.get("type")).containsOnly("t");
        AcctCsv.Line last = records.getLast();
        assertThat(last.get("type")).isEqualTo("b");
        assertThat(last.get("bounceCat")).isEqualTo("message-expired");
        assertThat(last.get("dsnStatus")).isEqualTo("4.4.7 (delivery time expired)");
        assertThat(last.get("dsnDiag")).contains("mailbox full");
    }

    @Test
    void recordsHoldWhatTheMessageSaidHoweverOdd() throws Exception {
        gateway.take(SmtpClient.text("X-Job: a,\"b\" c", "X-EnvID: =cmd|'x'"), "\"odd, one\"@odd.test");
        AcctCsv.Line record = gateway.records("\"odd, one\"@odd.test").getFirst();
        assertThat(record.get("jobId")).isEqualTo("a,\"b\" c");
        assertThat(record.get("envId")).isEqualTo("'=cmd|'x'");
        assertThat(record.get("orig")).isEqualTo(SmtpClient.SENDER);
        assertThat(record.get("srcMta")).isEqualTo("client.example (127.0.0.1)");
        assertThat(record.get("dsnStatus")).isEqualTo("2.0.0 (success)");
    }
}
