package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;

import org.caravanmta.sink.ReceivedMail;
import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Delivery status notifications of a whole gateway. */
class DsnTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private static final String YAML = """
            host-name: gw.test
            smtp-listener: [ "127.37.0.1:0" ]
            source:
              127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: only }
              127.37.9.1: { suppress-local-dsn: yes }
            virtual-mta:
              only: { smtp-source-host: [ "127.37.1.1 only.gw.test" ] }
            domain:
              "*": { smtp-hosts: [ "%s" ], retry-after: [ 1s ], notify-of-delay: 1s }
            acct-file: { path: acct.csv, records: [ d, b, t ] }
            """;

    private static void hand(SmtpClient client, String mail, String... rcpt) throws Exception {
        assertThat(client.say("MAIL FROM:" + mail)).startsWith("250");
        for (String r : rcpt)
            assertThat(client.say("RCPT TO:" + r)).startsWith("250");
        assertThat(client.say("DATA")).startsWith("354");
        assertThat(client.end("Subject: test\r\n\r\nThe body.\r\n")).startsWith("250 2.6.0");
    }

    @Test
    void reportsGoToTheReversePathAndAreCounted() throws Exception {
        SinkScript script = new SinkScript().rcpt("gone*@*", "550 5.1.1 no such user", 0)
                .rcpt("later@*", "451 4.7.1 come back", 2);
        try (Mx mx = new Mx("127.37.0.2", 0, script);
                LocalGateway gateway = LocalGateway.start(folder, YAML.formatted(mx.hop()))) {
            try (SmtpClient client = SmtpClient.connect(gateway.listener());
                    SmtpClient silent = SmtpClient.connect(gateway.listener(), "127.37.9.1")) {
                hand(client, "<fails@client.example> RET=FULL ENVID=e+2B1",
                        "<gone1@a.test> ORCPT=rfc822;first@a.test", "<gone2@a.test> NOTIFY=FAILURE",
                        "<gone3@a.test> NOTIFY=NEVER");
                hand(client, "<relayed@client.example>", "<there@a.test> NOTIFY=SUCCESS");
                hand(client, "<delayed@client.example>", "<later@a.test> NOTIFY=DELAY");
                hand(client, "<>", "<gone4@a.test>");
                hand(client, "<gone-sender@client.example>", "<gone5@a.test>");
                hand(silent, "<silent@client.example>", "<gone6@a.test>");
            }
            ReceivedMail failed = mx.awaitMail("fails@client.example");
            assertThat(failed.from()).isNullOrEmpty();
            assertThat(failed.client()).isEqualTo("127.37.1.1");
            assertThat(failed.text()).contains("Original-Envelope-Id: e+1", "Original-Recipient: rfc822; first@a.test",
                    "gone2@a.test", "The body.").doesNotContain("gone3@a.test");
            assertThat(mx.awaitMail("relayed@client.example").text()).contains("Action: relayed");
            assertThat(mx.awaitMail("delayed@client.example").text()).contains("Action: delayed");
            mx.awaitMail("later@a.test");
            List<AcctCsv.Line> records = gateway.recordsWhenDone();
            assertThat(mx.to("fails@client.example")).hasSize(1);
            assertThat(mx.to("silent@client.example")).isEmpty();
            assertThat(records.stream().filter(r -> r.rcpt().equals("gone-sender@client.example"))
                    .map(r -> r.get("orig"))).containsExactly("");
            assertThat(records.stream().filter(r -> r.rcpt().equals("gone1@a.test")).map(r -> r.get("orcpt")))
                    .containsExactly("rfc822;first@a.test");
            assertThat(gateway.gateway().conservation().reported())
                    .isEqualTo(mx.to("delayed@client.example").size() + 3);
            gateway.assertConserved(mx);
        }
    }

    /** A report is signed like other mail; what is large goes from file to file. */
    @Test
    void reportsAreSignedWhereThereIsAKeyAndReturnLargeMessages() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        Path key = Files.writeString(folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(rsa.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        SinkScript script = new SinkScript().rcpt("gone*@*", "550 5.1.1 no such user", 0);
        String line = "0123456789".repeat(7) + "\r\n";
        try (Mx mx = new Mx("127.37.0.4", 0, script);
                LocalGateway gateway = LocalGateway.start(folder, YAML.formatted(mx.hop())
                        .replace("notify-of-delay: 1s", "dkim-sign: yes")
                        + "domain-key: [ \"sel,gw.test,key.pem\" ]\n")) {
            try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
                assertThat(client.say("MAIL FROM:<large@client.example> RET=FULL")).startsWith("250");
                assertThat(client.say("RCPT TO:<gone@a.test>")).startsWith("250");
                assertThat(client.say("DATA")).startsWith("354");
                assertThat(client.end("From: x@gw.test\r\nSubject: large\r\n\r\n" + line.repeat(8_000)))
                        .startsWith("250 2.6.0");
            }
            String report = mx.awaitMail("large@client.example").text();
            assertThat(report).startsWith("DKIM-Signature: ").contains("d=gw.test", "Content-Type: message/rfc822",
                    line.repeat(8_000));
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }

    /** Whatever a kill interrupts, each failed recipient has one record, and one report in the same transaction. */
    @Test
    void aKillNeitherLosesNorDoublesAReport() throws Exception {
        int messages = 30;
        SinkScript script = new SinkScript().rcpt("gone*@*", "550 5.1.1 no such user", 0)
                .rcpt("back*@*", "451 4.7.1 come back", 3);
        try (Mx mx = new Mx("127.37.0.3", 0, script)) {
            Path config = GatewayProcess.config(folder, YAML.formatted(mx.hop()));
            Path home = folder.resolve("home");
            try (GatewayProcess first = GatewayProcess.run(config, home);
                    SmtpClient client = SmtpClient.connect(first.awaitReady())) {
                for (int i = 0; i < messages; i++)
                    hand(client, "<back" + i + "@client.example>", "<gone" + i + "@a.test>");
                await("some bounces").atMost(Mx.LIMIT).until(() -> mx.connections() > 0);
                first.kill();
            }
            try (GatewayProcess second = GatewayProcess.run(config, home)) {
                second.awaitReady();
                await("all reports").atMost(Mx.LIMIT).until(() -> mx.recipients().size() >= messages);
                assertThat(second.stop()).as(second.text()).isZero();
            }
            assertThat(mx.recipients()).hasSize(messages).doesNotHaveDuplicates();
            assertThat(AcctCsv.read(home.resolve("acct.csv")).stream().filter(AcctCsv.Line::failed)
                    .map(AcctCsv.Line::rcpt)).hasSize(messages).doesNotHaveDuplicates();
        }
    }
}
