package org.caravanmta.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;
import org.caravanmta.delivery.AttemptResult;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.DeliveryAttempt;
import org.caravanmta.delivery.GeneratedReports;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.TransactionResult;
import org.caravanmta.vmta.Selection.Chosen;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {

    private static final long QUEUED_MS = 1_790_000_000_000L;
    private static final String TEXT = "From: a@client.example\r\nSubject: Hello\r\n\r\nThe body.\r\n--x\r\n";
    private static final Notify DELAY = new Notify(false, false, true);
    private static final Notify SUCCESS = new Notify(true, false, false);

    @TempDir
    Path folder;
    private CaravanConfig config = config("max-dsn-rate: 3/h");
    private long nowMs = QUEUED_MS + 60_000;
    private final Reports reports = new Reports(() -> config, name -> new Chosen(name, null), () -> nowMs,
            new Random(1));

    private static CaravanConfig config(String more) {
        ConfigReader.Result r = ConfigReader.readText("test.yaml", """
                host-name: gw.test
                smtp-listener: [ "127.0.0.1:0" ]
                virtual-mta: { v: { smtp-source-host: [ "127.0.0.1 v.gw.test" ] } }
                """ + more + "\n", () -> "gw.test");
        assertThat(r.problems()).isEmpty();
        return r.config();
    }

    private static Recipient to(String address, Notify notify) {
        return new Recipient(address, "rfc822;Old+2Bname@example.com", notify);
    }

    private static QueuedMessage message(String reversePath, String text, DsnRequest dsn, Recipient... to) {
        return new QueuedMessage("v", null, "dest.example", reversePath, List.of(to), BodyType.SEVEN_BIT, false, null,
                null, QUEUED_MS, 0, "smtp", "client (127.0.0.1)", null, -1,
                new MessageContent.Inline(text.getBytes(StandardCharsets.UTF_8)), false, dsn);
    }

    private GeneratedReports bounced(QueuedMessage m) {
        return of(m, false, r -> new Outcome.Bounced(r,
                Failure.ofReply(Stage.RCPT, Reply.of(550, "5.1.1", "no such user"))));
    }

    private GeneratedReports delivered(QueuedMessage m, boolean passedOn) {
        return of(m, passedOn, r -> new Outcome.Delivered(r, Reply.of(250, "2.0.0", "taken")));
    }

    private GeneratedReports deferred(QueuedMessage m) {
        return of(m, false, r -> new Outcome.Deferred(r,
                Failure.ofReply(Stage.RCPT, Reply.of(451, "4.7.1", "come back"))));
    }

    private GeneratedReports of(QueuedMessage m, boolean passedOn,
            java.util.function.Function<Recipient, Outcome> outcome) {
        DeliveryAttempt attempt = new DeliveryAttempt(() -> m, "dest.example",
                config.settings(m.virtualMta(), m.destination()), null, null, null);
        return reports.of(new DecidedAttempt(new AttemptResult(attempt,
                new TransactionResult(null, null, List.of(), 0, 0, passedOn)),
                m.recipients().stream().map(outcome).toList()));
    }

    private static String text(QueuedMessage report) throws IOException {
        try (var in = report.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aFailureIsReportedToTheReversePathFromNobody() throws IOException {
        QueuedMessage m = message("b@client.example", TEXT, new DsnRequest("HDRS", "my+2Bid", false, false, 0),
                to("u@dest.example", null), to("w@dest.example", null));

        List<QueuedMessage> made = bounced(m).messages();

        assertThat(made).hasSize(1);
        assertThat(made.getFirst().reversePath()).isNull();
        assertThat(made.getFirst().recipients()).containsExactly(new Recipient("b@client.example"));
        assertThat(made.getFirst().destination()).isEqualTo("client.example");
        assertThat(made.getFirst().virtualMta()).isEqualTo("v");
        assertThat(text(made.getFirst())).contains("report-type=delivery-status", "Auto-Submitted: auto-replied",
                "Original-Envelope-Id: my+id\r\n", "Original-Recipient: rfc822; Old+name@example.com\r\n",
                "Final-Recipient: rfc822; u@dest.example\r\n", "Final-Recipient: rfc822; w@dest.example\r\n",
                "Action: failed\r\nStatus: 5.1.1\r\n", "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n",
                "Content-Type: text/rfc822-headers\r\n\r\nFrom: a@client.example\r\nSubject: Hello\r\n")
                .doesNotContain("The body.");
    }

    @Test
    void fullReturnsTheWholeMessage() throws IOException {
        QueuedMessage m = message("b@client.example", TEXT, new DsnRequest("FULL", null, false, false, 0),
                to("u@dest.example", null));
        assertThat(text(bounced(m).messages().getFirst())).contains("Content-Type: message/rfc822\r\n", TEXT);
        String large = TEXT + "line\r\n".repeat(200_000);
        assertThat(text(bounced(message("b@client.example", large, m.dsn(), to("u@dest.example", null))).messages()
                .getFirst())).contains("text/rfc822-headers").doesNotContain("The body.");
    }

    @Test
    void nothingIsReportedToNobodyNorWhereNobodyWantsIt() {
        DsnRequest suppressed = new DsnRequest(null, null, true, false, 0);
        assertThat(bounced(message(null, TEXT, null, to("u@dest.example", null))).messages()).isEmpty();
        assertThat(bounced(message("b@client.example", TEXT, suppressed, to("u@dest.example", null))).messages())
                .isEmpty();
        for (Notify n : List.of(Notify.NEVER, SUCCESS, DELAY))
            assertThat(bounced(message("b@client.example", TEXT, null, to("u@dest.example", n))).messages()).isEmpty();
    }

    @Test
    void relayedMailIsReportedWhereItIsAskedForAndTheHostDoesNot() throws IOException {
        QueuedMessage asked = message("b@client.example", TEXT, null, to("u@dest.example", SUCCESS));
        assertThat(text(delivered(asked, false).messages().getFirst())).contains("Action: relayed\r\nStatus: 2.0.0");
        assertThat(delivered(asked, true).messages()).isEmpty();
        assertThat(delivered(message("b@client.example", TEXT, null, to("u@dest.example", null)), false).messages())
                .isEmpty();
    }

    @Test
    void aDelayIsReportedOnceInEachInterval() throws IOException {
        QueuedMessage m = message("b@client.example", TEXT, null, to("u@dest.example", DELAY));
        assertThat(deferred(m).messages()).isEmpty();
        nowMs = QUEUED_MS + 4 * 3_600_000;
        GeneratedReports made = deferred(m);
        assertThat(text(made.messages().getFirst())).contains("Action: delayed\r\nStatus: 4.7.1", "Will-Retry-Until:");
        assertThat(made.delayedAtMs()).isEqualTo(nowMs);
        QueuedMessage told = m.with(DsnRequest.NONE.delayReported(nowMs));
        nowMs += 3_600_000;
        assertThat(deferred(told).messages()).isEmpty();
        nowMs += 3 * 3_600_000;
        assertThat(deferred(told).messages()).hasSize(1);
        assertThat(deferred(message("b@client.example", TEXT, null, to("u@dest.example", null))).messages()).isEmpty();
    }

    @Test
    void stormsToOneAddressAreCapped() {
        int made = 0;
        for (int i = 0; i < 10; i++)
            made += bounced(message("B@client.example", TEXT, null, to("u@dest.example", null))).messages().size();
        assertThat(made).isEqualTo(3);
        assertThat(reports.capped()).isEqualTo(7);
        assertThat(bounced(message("c@client.example", TEXT, null, to("u@dest.example", null))).messages()).hasSize(1);
        nowMs += 3_600_000;
        assertThat(bounced(message("b@client.example", TEXT, null, to("u@dest.example", null))).messages()).hasSize(1);
    }

    @Test
    void ownWordsAreFilledInAndNeverEvaluated() throws IOException {
        Files.writeString(folder.resolve("words.txt"), "Grüße an ${sender}: ${subject}\n");
        Path file = Files.writeString(folder.resolve("c.yaml"), """
                host-name: gw.test
                smtp-listener: [ "127.0.0.1:0" ]
                dsn-failed-subject-template: "Nicht zugestellt: ${subject}"
                dsn-failed-body-template-from: words.txt
                custom-dsn-from-header: Post <post@gw.test>
                """);
        ConfigReader.Result r = ConfigReader.read(file);
        assertThat(r.problems()).isEmpty();
        config = r.config();
        String evil = TEXT.replace("Hello", "${sender} \u001b[2J\r\n =?x?=");
        String text = text(bounced(message("b@client.example", evil, null, to("u@dest.example", null))).messages()
                .getFirst());
        assertThat(text).contains("From: Post <post@gw.test>\r\n", "Subject: Nicht zugestellt: ${sender} [2J =?x?=");
        Files.writeString(folder.resolve("words.txt"), "${nobody}");
        assertThat(ConfigReader.read(file).problems()).singleElement().asString().contains("${nobody}", ":4:");
    }

    /** Hostile fields and replies; addresses and headers beyond ASCII; read by a parser that is not ours. */
    @Test
    void othersCanReadThem() throws Exception {
        List<QueuedMessage> made = new ArrayList<>();
        String hostile = "From: a@client.example\r\nSubject: =?utf-8?q?x?= \u0007\r\n\tfolded\r\nContent-Type: multipart/"
                + "mixed; boundary=x\r\nX-Long: " + "y".repeat(3000) + "\r\n\r\n--x\r\n\r\n--dsn-\r\n--x--\r\n";
        DsnRequest full = new DsnRequest("FULL", null, false, false, 0);
        made.addAll(bounced(message("b1@client.example", hostile, full, to("u@dest.example", null))).messages());
        made.addAll(bounced(message("b2@client.example", hostile, null, to("u@dest.example", null))).messages());
        made.addAll(of(message("b3@client.example", TEXT.replace("Hello", "Grüße"), null, to("u@dest.example", null)),
                false, r -> new Outcome.Bounced(r, Failure.ofReply(Stage.RCPT,
                        Reply.of(550, null, "ä\u0000 evil\r\n\r\nAction: delivered " + "z".repeat(5000)))))
                .messages());
        made.addAll(bounced(message("bü@client.example", TEXT, full, to("ü@dest.example", null))).messages());
        assertThat(made).hasSize(4);
        assertThat(made.get(3).smtpUtf8()).isTrue();
        assertThat(text(made.get(3))).contains("message/global-delivery-status", "utf-8; ü@dest.example",
                "Content-Type: message/global\r\n");
        List<String> command = new ArrayList<>(List.of("python3", "-c", """
                import sys, email, email.policy
                for name in sys.argv[1:]:
                    data = open(name, 'rb').read()
                    for line in data.split(b'\\r\\n'):
                        assert len(line) < 5000 and b'\\n' not in line, (name, line)
                    m = email.message_from_bytes(data, policy=email.policy.default)
                    assert m.get_content_type() == 'multipart/report', m.get_content_type()
                    parts = list(m.iter_parts())
                    assert len(parts) == 3, len(parts)
                    assert parts[0].get_content_type() == 'text/plain'
                    assert 'u' in parts[0].get_content()
                    status = parts[1].get_content_type()
                    assert status in ('message/delivery-status', 'message/global-delivery-status'), status
                    if status == 'message/delivery-status':
                        blocks = parts[1].get_payload()
                        assert len([b for b in blocks if b.keys()]) == 2, blocks
                        assert blocks[0]['Reporting-MTA'] == 'dns; gw.test', blocks[0].items()
                        assert blocks[1]['Action'] == 'failed', blocks[1].items()
                        assert len(blocks[1].get_all('Action')) == 1
                    print('read', parts[2].get_content_type())
                """));
        for (int i = 0; i < made.size(); i++) {
            Path file = folder.resolve(i + ".eml");
            try (var in = made.get(i).content().open()) {
                Files.write(file, in.readAllBytes());
            }
            command.add(file.toString());
        }
        Process python;
        try {
            python = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("python3 is not installed");
            return;
        }
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        assertThat(said.lines()).containsExactly("read message/rfc822", "read text/rfc822-headers",
                "read text/rfc822-headers", "read message/global");
    }
}
