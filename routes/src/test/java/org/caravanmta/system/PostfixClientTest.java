package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Postfix hands its mail to the gateway: {@code relayhost}. */
class PostfixClientTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void postfixRelaysThroughTheGateway() throws Exception {
        try (Mx mx = new Mx("127.24.0.2");
                LocalGateway gateway = LocalGateway.start(Files.createDirectory(folder.resolve("home")), """
                        host-name: gw.test
                        smtp-listener: [ "127.24.0.1:0" ]
                        source:
                          127.24.0.3: { always-allow-relaying: yes, process-x-virtual-mta: yes, default-virtual-mta: a }
                        virtual-mta:
                          a: { smtp-source-host: [ "127.24.1.1 a.gw.test" ] }
                          b: { smtp-source-host: [ "127.24.1.2 b.gw.test" ] }
                        domain:
                          "*": { smtp-hosts: [ "%s" ] }
                        acct-file: { path: acct.csv, records: [ d, b, t ] }
                        """.formatted(mx.hop()));
                Postfix postfix = Postfix.start(Files.createDirectory(folder.resolve("postfix")), "127.24.0.3",
                        "relayhost = [127.24.0.1]:" + gateway.listener().getPort());
                SmtpClient client = SmtpClient.connect(postfix.address(), "127.24.0.4")) {
            List<String> recipients = IntStream.range(0, 100).mapToObj(i -> "p" + i + "@d" + i % 5 + ".test").toList();
            for (String r : recipients)
                assertThat(client.submit(SmtpClient.text(), r)).startsWith("250");
            String longLine = "x".repeat(990);
            assertThat(client.submit(SmtpClient.text("X-Virtual-MTA: b", "X-Long: " + longLine).replace("body",
                    "b\u00f6dy\r\n..dots\r\n."), "m1@multi.test", "m2@multi.test", "m3@other.test")).startsWith("250");
            for (String line : List.of("MAIL FROM:<" + SmtpClient.SENDER + ">", "RCPT TO:<nowhere@multi.test>"))
                assertThat(client.say(line)).startsWith("250");
            assertThat(client.say("DATA")).startsWith("354");
            assertThat(client.end(SmtpClient.text("X-Virtual-MTA: c"))).startsWith("250");

            // and the notification that one of them could not be delivered
            await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().size() == 104);
            assertThat(mx.recipients()).containsAll(recipients);
            assertThat(mx.awaitMail(SmtpClient.SENDER).text()).contains("550 5.3.5 VirtualMTA does not exist: c");
            assertThat(mx.awaitMail(SmtpClient.SENDER).from()).isEmpty();
            ReceivedMail special = mx.awaitMail("m1@multi.test");
            assertThat(special.recipients()).containsExactly("m1@multi.test", "m2@multi.test");
            assertThat(special.client()).isEqualTo("127.24.1.2");
            assertThat(special.text())
                    .contains("\tby gw.test with ESMTP id ", "\tby postfix.test (Postfix) with ESMTP ",
                            "X-Long: " + longLine + "\r\n", "The b\u00f6dy\r\n..dots\r\n.")
                    .doesNotContain("X-Virtual-MTA");
            assertThat(postfix.logged("dsn=5.3.5, status=bounced")).isEqualTo(1);
            await("Postfix' log").atMost(Mx.LIMIT)
                    .until(() -> postfix.logged("status=sent (250 2.6.0 message received)") == 104);
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }
}
