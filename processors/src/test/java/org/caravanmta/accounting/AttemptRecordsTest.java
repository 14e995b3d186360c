package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.caravanmta.delivery.AttemptResult;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.DeliveryAttempt;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.SmtpConnection.Peer;
import org.caravanmta.smtp.client.TransactionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptRecordsTest {

    private static final Recipient RCPT = new Recipient("user@example.net", "rfc822;user@example.net");
    private static final Reply OK = Reply.of(250, "2.0.0", "queued");

    /** A connection that is only looked at. */
    private record OpenLine(Peer peer) implements DeliveryAttempt.Line {
        @Override
        public boolean reused() {
            return false;
        }

        @Override
        public void send(QueuedMessage message, Consumer<TransactionResult> done) {
            throw new UnsupportedOperationException();
        }
    }

    private static List<AccountingRecord> records(String reversePath, boolean connected, Outcome... outcomes) {
        QueuedMessage m = new QueuedMessage("news", "example.net", reversePath, List.of(RCPT), BodyType.SEVEN_BIT,
                false, "job-1", "env-1", Records.TIME_MS, 0, "smtp", "client.example (10.0.0.1)", null,
                new MessageContent.Inline(new byte[0]));
        Peer peer = new Peer("mx.example.net", new InetSocketAddress("192.0.2.1", 25),
                new InetSocketAddress("192.0.2.7", 40000), "PIPELINING,SIZE", "TLSv1.3",
                "TLS_AES_128_GCM_SHA256");
        DeliveryAttempt attempt = new DeliveryAttempt(() -> m, m.destination(), null,
                connected ? new OpenLine(peer) : null, null, null);
        TransactionResult transaction = connected ? new TransactionResult(null, OK, List.of(), 2048, 0, false) : null;
        return AttemptRecords.of(new DecidedAttempt(new AttemptResult(attempt, transaction), List.of(outcomes)),
                Stream.of(outcomes).map(AttemptRecordsTest::category).toList(),
                Records.TIME_MS + 1000);
    }

    private static String category(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered _ -> null;
            case Outcome.Expired _ -> "message-expired";
            case Outcome.Deleted _ -> "other";
            case Outcome.Bounced _,Outcome.Deferred _ -> "bad-mailbox";
        };
    }

    private static AccountingRecord refused(Cause cause, boolean bounced) {
        Failure failure = Failure.of(Stage.CONNECT, cause, "our own words");
        return records("from@example.com", false,
                bounced ? new Outcome.Bounced(RCPT, failure) : new Outcome.Deferred(RCPT, failure)).getFirst();
    }

    private static AccountingRecord replied(int code, String enhanced, String text) {
        Failure failure = Failure.ofReply(Stage.RCPT, Reply.of(code, enhanced, text));
        return records("from@example.com", true,
                code >= 500 ? new Outcome.Bounced(RCPT, failure) : new Outcome.Deferred(RCPT, failure)).getFirst();
    }

    @Test
    void aDeliveryFillsEveryColumn() throws IOException {
        RecordFormat format = RecordFormat.of(Records.plain(Records.ALL), ZoneOffset.UTC, "s");
        for (AccountingRecord r : records("from@example.com", true, new Outcome.Delivered(RCPT, OK)))
            format.add(r, 1);
        assertThat(new String(format.take(), StandardCharsets.UTF_8))
                .isEqualTo("d,2016-08-01 18:06:02+0000,2016-08-01 18:06:01+0000,from@example.com,user@example.net,"
                        + "rfc822;user@example.net,relayed,2.0.0 (success),smtp;250 2.0.0 queued,"
                        + "mx.example.net (192.0.2.1),,smtp,client.example (10.0.0.1),smtp,192.0.2.7,192.0.2.1,"
                        + "\"PIPELINING,SIZE\",2048,news,job-1,env-1,example.net/news,\r\n");
    }

    @Test
    void nullReversePathIsAnEmptyField() {
        assertThat(records(null, true, new Outcome.Delivered(RCPT, OK)).getFirst().orig()).isEmpty();
    }

    @Test
    void eachRecipientHasItsOwnRecord() {
        Failure later = Failure.ofReply(Stage.RCPT, Reply.of(452, "4.2.2", "full"));
        List<AccountingRecord> records = records("from@example.com", true, new Outcome.Delivered(RCPT, OK),
                new Outcome.Deferred(new Recipient("full@example.net"), later),
                new Outcome.Bounced(new Recipient("none@example.net"),
                        Failure.ofReply(Stage.RCPT, Reply.of(550, "5.1.1", "none"))));
        assertThat(records).extracting(r -> r.type().code()).containsExactly('d', 't', 'b');
        assertThat(records).extracting(AccountingRecord::rcpt).containsExactly("user@example.net", "full@example.net",
                "none@example.net");
        assertThat(records).extracting(AccountingRecord::dsnAction).containsExactly("relayed", "delayed", "failed");
        assertThat(records).extracting(AccountingRecord::dlvSize).containsExactly(2048L, -1L, -1L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "550 | 5.1.1 | b | 5.1.1 (bad destination mailbox address) | smtp;550 5.1.1 said so",
            "554 | 5.7.1 | b | 5.7.1 (delivery not authorized) | smtp;554 5.7.1 said so",
            "550 |       | b | 5.0.0 (undefined status) | smtp;550 said so",
            "550 | 4.2.2 | b | 5.2.2 (mailbox full) | smtp;550 4.2.2 said so",
            "552 | 5.99.9 | b | 5.99.9 (undefined status) | smtp;552 5.99.9 said so",
            "451 | 4.7.0 | t | 4.7.0 (other or undefined security status) | smtp;451 4.7.0 said so",
            "421 |       | t | 4.0.0 (undefined status) | smtp;421 said so" })
    void aReplyIsQuotedAndItsStatusPutInWords(int code, String enhanced, char type, String status, String diag) {
        AccountingRecord r = replied(code, enhanced, "said so");
        assertThat(r.type().code()).isEqualTo(type);
        assertThat(r.dsnStatus()).isEqualTo(status);
        assertThat(r.dsnDiag()).isEqualTo(diag);
        assertThat(r.dsnMta()).isEqualTo("mx.example.net (192.0.2.1)");
    }

    @ParameterizedTest
    @CsvSource({ "NO_CONNECTION, 4.4.1 (no answer from host)", "CONNECTION_LOST, 4.4.2 (bad connection)",
            "PROTOCOL, 4.5.0 (other or undefined protocol status)",
            "DNS_TEMPORARY, 4.4.3 (unable to route: dns lookup failure)",
            "SOURCE_ADDRESS_MISSING, 4.3.5 (system incorrectly configured)",
            "TLS_MISSING, 4.7.5 (cryptographic failure)",
            "PEER_POLICY, 4.7.0 (other or undefined security status)",
            "LOGIN_IMPOSSIBLE, 4.7.4 (security features not supported)" })
    void troubleWithoutAReplyIsDelayed(Cause cause, String status) {
        AccountingRecord r = refused(cause, false);
        assertThat(r.dsnStatus()).isEqualTo(status);
        assertThat(r.dsnAction()).isEqualTo("delayed");
        assertThat(r.dsnDiag()).as("what keeps mail from a host is told")
                .isEqualTo(status.startsWith("4.7.") && cause != Cause.LOGIN_IMPOSSIBLE ? "x-caravan;our own words"
                        : null);
    }

    @ParameterizedTest
    @CsvSource({ "NO_SUCH_DOMAIN, 5.1.2 (bad destination system: no such domain)",
            "NO_MAIL_HOST, 5.4.4 (unable to route: no mail hosts for domain)",
            "NULL_MX, 5.1.10 (recipient address has null MX)",
            "EXTENSION_MISSING, 5.3.3 (system not capable of selected features)" })
    void localBouncesLeaveMtaAndDiagnosticEmpty(Cause cause, String status) {
        AccountingRecord r = refused(cause, true);
        assertThat(r.type().code()).isEqualTo('b');
        assertThat(r.dsnStatus()).isEqualTo(status);
        assertThat(r.bounceCat()).isEqualTo("bad-mailbox");
        assertThat(r.dsnDiag()).isNull();
        assertThat(r.dsnMta()).isNull();
    }

    @ParameterizedTest
    @CsvSource({ "451 4.7.1 busy, smtp;451 4.7.1 busy", "ECONNREFUSED connecting to mx,", "," })
    void anExpiryQuotesOnlyWhatAPeerSaid(String last, String diag) {
        AccountingRecord r = records("from@example.com", false, new Outcome.Expired(RCPT, last)).getFirst();
        assertThat(r.type().code()).isEqualTo('b');
        assertThat(r.dsnStatus()).isEqualTo("4.4.7 (delivery time expired)");
        assertThat(r.bounceCat()).isEqualTo("message-expired");
        assertThat(r.dsnDiag()).isEqualTo(diag);
    }
}
