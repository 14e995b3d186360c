package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Pools, pattern lists, named sources and what a source may not use. */
class VirtualMtaChoiceTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;
    private static Mx mx;
    private static LocalGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        mx = new Mx("127.21.0.2");
        gateway = LocalGateway.start(home, """
                host-name: gw.test
                smtp-listener: [ "127.21.0.1:0", "127.21.1.2:0 source={byip}" ]
                source:
                  127.0.0.0/8:
                    always-allow-relaying: yes
                    process-x-virtual-mta: yes
                    default-virtual-mta: both
                    pattern-list: special
                    allowed-virtual-mtas: [ both, one ]
                  "{byip}": { default-virtual-mta: by-smtp-source-ip, allowed-virtual-mtas: "*", pattern-list: "" }
                virtual-mta:
                  one:   { smtp-source-host: [ "127.21.1.1 one.gw.test" ] }
                  two:   { smtp-source-host: [ "127.21.1.2 two.gw.test" ] }
                  three: { smtp-source-host: [ "127.21.1.3 three.gw.test" ] }
                virtual-mta-pool:
                  both: { virtual-mta: [ one, two ] }
                pattern-list:
                  special: [ 'rcpt-to /@special\\.test$/ virtual-mta=three' ]
                domain:
                  "*": { smtp-hosts: [ "%s" ] }
                  moved.test: { queue-to: a.test, reroute-to-virtual-mta: three }
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
    void membersOfAPoolTakeTurns() throws Exception {
        List<String> recipients = IntStream.range(0, 6).mapToObj(i -> "turn" + i + "@a.test").toList();
        for (String r : recipients)
            assertThat(submit("127.21.0.1", SmtpClient.text(), r)).startsWith("250");

        List<String> clients = recipients.stream().map(r -> mx.awaitMail(r).client()).toList();
        assertThat(clients).containsOnly("127.21.1.1", "127.21.1.2");
        for (int i = 0; i < 6; i++)
            assertThat(clients.get(i)).isEqualTo(clients.get(i % 2));
        for (int i = 0; i < 6; i++) {
            AcctCsv.Line record = gateway.records(recipients.get(i)).getFirst();
            assertThat(record.get("vmtaPool")).isEqualTo("both");
            assertThat(record.get("vmta")).isEqualTo(clients.get(i).equals("127.21.1.1") ? "one" : "two");
            assertThat(record.get("dlvSourceIp")).isEqualTo(clients.get(i));
        }
    }

    @Test
    void aPatternPartsTheRecipientsOfAMessage() throws Exception {
        assertThat(submit("127.21.0.1", SmtpClient.text(), "x@special.test", "y@a.test")).startsWith("250");

        assertThat(mx.awaitMail("x@special.test").client()).isEqualTo("127.21.1.3");
        assertThat(mx.awaitMail("y@a.test").client()).isIn("127.21.1.1", "127.21.1.2");
        assertThat(gateway.records("x@special.test").getFirst().get("vmta")).isEqualTo("three");
        assertThat(gateway.records("x@special.test").getFirst().get("vmtaPool")).isEmpty();
        assertThat(gateway.records("y@a.test").getFirst().get("vmtaPool")).isEqualTo("both");
    }

    @Test
    void theAddressThatTheClientConnectedToChooses() throws Exception {
        assertThat(submit("127.21.1.2", SmtpClient.text(), "byip@special.test")).startsWith("250");
        assertThat(mx.awaitMail("byip@special.test").ehlo()).isEqualTo("two.gw.test");
        assertThat(gateway.records("byip@special.test").getFirst().get("vmta")).isEqualTo("two");
    }

    @Test
    void aVirtualMtaThatTheSourceMayNotUseIsRefusedByName() throws Exception {
        assertThat(submit("127.21.0.1", SmtpClient.text("X-Virtual-MTA: two"), "no@a.test"))
                .isEqualTo("550 5.7.1 VirtualMTA not allowed for this source: two");
        assertThat(submit("127.21.0.1", SmtpClient.text("X-Virtual-MTA: one"), "yes@a.test")).startsWith("250");
        assertThat(mx.awaitMail("yes@a.test").client()).isEqualTo("127.21.1.1");
        assertThat(mx.to("no@a.test")).isEmpty();
    }

    @Test
    void aDestinationIsMovedToAnotherQueue() throws Exception {
        assertThat(submit("127.21.0.1", SmtpClient.text(), "r@moved.test")).startsWith("250");
        assertThat(mx.awaitMail("r@moved.test").client()).isIn("127.21.1.1", "127.21.1.2");
        assertThat(gateway.records("r@moved.test").getFirst().get("queue")).startsWith("a.test/");
    }

    private static String submit(String listener, String text, String... recipients) throws Exception {
        InetSocketAddress server = gateway.gateway().listeners().stream()
                .filter(a -> a.getAddress().getHostAddress().equals(listener)).findFirst().orElseThrow();
        try (SmtpClient client = SmtpClient.connect(server)) {
            return client.submit(text, recipients);
        }
    }
}
