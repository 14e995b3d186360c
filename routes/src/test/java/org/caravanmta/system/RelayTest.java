package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Which VirtualMTA a message leaves through, and what it looks like then. */
class RelayTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;
    private static Mx mx;
    private static LocalGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        mx = new Mx("127.20.0.2");
        gateway = LocalGateway.start(home, """
                host-name: gw.test
                smtp-listener: [ "127.20.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, process-x-virtual-mta: yes, default-virtual-mta: first }
                  127.20.9.0/24: { process-x-virtual-mta: no, process-x-job: no }
                virtual-mta:
                  first:  { smtp-source-host: [ "127.20.1.1 first.gw.test" ] }
                  second: { smtp-source-host: [ "127.20.1.2 second.gw.test" ] }
                  turns:
                    smtp-source-host: [ "127.20.1.3 three.gw.test", "127.20.1.4 four.gw.test" ]
                    domain: { "*": { max-smtp-out: 1, max-msg-per-connection: 1 } }
                domain:
                  "*": { smtp-hosts: [ "%s" ] }
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
    void theHeaderChoosesSourceAddressAndName() throws Exception {
        gateway.take(SmtpClient.text("X-Virtual-MTA: second"), "chosen@a.test");
        ReceivedMail mail = mx.awaitMail("chosen@a.test");
        assertThat(mail.client()).isEqualTo("127.20.1.2");
        assertThat(mail.ehlo()).isEqualTo("second.gw.test");
        AcctCsv.Line record = gateway.records("chosen@a.test").getFirst();
        assertThat(record.get("vmta")).isEqualTo("second");
        assertThat(record.get("dlvSourceIp")).isEqualTo("127.20.1.2");
        assertThat(record.get("queue")).isEqualTo("a.test/second");
    }

    @Test
    void mailThatChoosesNothingLeavesThroughTheSourcesDefault() throws Exception {
        gateway.take(SmtpClient.text(), "default@a.test");
        assertThat(mx.awaitMail("default@a.test").client()).isEqualTo("127.20.1.1");
        assertThat(mx.awaitMail("default@a.test").ehlo()).isEqualTo("first.gw.test");
    }

    @Test
    void theHeaderIsNotObeyedButRemovedWhereTheSourceMayNotChoose() throws Exception {
        try (SmtpClient client = SmtpClient.connect(gateway.listener(), "127.20.9.1")) {
            assertThat(client.submit(SmtpClient.text("X-Virtual-MTA: second", "X-Job: j"), "nochoice@a.test"))
                    .startsWith("250");
        }
        ReceivedMail mail = mx.awaitMail("nochoice@a.test");
        assertThat(mail.client()).isEqualTo("127.20.1.1");
        assertThat(mail.text()).doesNotContainIgnoringCase("X-Virtual-MTA").doesNotContainIgnoringCase("X-Job");
        assertThat(gateway.records("nochoice@a.test").getFirst().get("jobId")).isEmpty();
    }

    @Test
    void ownHeadersComeOutReceivedGoesInAndNothingElseChanges() throws Exception {
        gateway.take("From: a@client.example\r\nx-virtual-mta: second\r\nX-Folded: one\r\n two\r\nX-JOB: spring\r\n"
                + "X-EnvId:\r\n\tenv-1\r\nX-Job-Other: stays\r\n\r\n.dot\r\n..two dots\r\nX-Job: text\r\n\r\n",
                "changed@a.test");
        String text = mx.awaitMail("changed@a.test").text();
        assertThat(text).matches("(?s)Received: from client\\.example \\(\\[127\\.0\\.0\\.1]\\)\r\n"
                + "\tby gw\\.test with ESMTP id [a-z0-9]+;\r\n\t\\w{3}, \\d{1,2} \\w{3} \\d{4} [0-9:]{8} [+-]\\d{4}\r\n"
                + "From: .*");
        assertThat(text.substring(text.indexOf("From: "))).isEqualTo("From: a@client.example\r\n"
                + "X-Folded: one\r\n two\r\nX-Job-Other: stays\r\n\r\n.dot\r\n..two dots\r\nX-Job: text\r\n\r\n");
        AcctCsv.Line record = gateway.records("changed@a.test").getFirst();
        assertThat(record.get("jobId")).isEqualTo("spring");
        assertThat(record.get("envId")).isEqualTo("env-1");
    }

    @Test
    void anUnknownVirtualMtaIsRefusedByNameAtTheEndOfData() throws Exception {
        try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
            assertThat(client.begin("lost@a.test")).startsWith("354");
            assertThat(client.end(SmtpClient.text("X-Virtual-MTA: nobody")))
                    .isEqualTo("550 5.3.5 VirtualMTA does not exist: nobody");
            assertThat(client.submit(SmtpClient.text("X-Virtual-MTA: first"), "found@a.test")).startsWith("250");
        }
        mx.awaitMail("found@a.test");
        assertThat(mx.to("lost@a.test")).isEmpty();
    }

    @Test
    void twoSourceAddressesTakeTurns() throws Exception {
        List<String> recipients = IntStream.range(0, 6).mapToObj(i -> "turn" + i + "@turns.test").toList();
        for (String r : recipients) {
            gateway.take(SmtpClient.text("X-Virtual-MTA: turns"), r);
            mx.awaitMail(r);
        }
        List<String> sources = recipients.stream().map(r -> mx.to(r).getFirst())
                .map(m -> m.client() + " " + m.ehlo()).toList();
        for (int i = 0; i < 6; i++)
            assertThat(sources.get(i)).isEqualTo(sources.get(i % 2));
        assertThat(sources).contains("127.20.1.3 three.gw.test", "127.20.1.4 four.gw.test");
    }
}
