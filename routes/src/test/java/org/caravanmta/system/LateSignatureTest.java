package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Mail that has to be signed and cannot be is taken, and waits for its key: it never leaves unsigned. */
@Timeout(120)
class LateSignatureTest {

    private static final String FOREIGN = "From: x@foreign.test\r\nSubject: x\r\n\r\nHello\r\n";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;
    private Mx mx;
    private LocalGateway gateway;

    @BeforeEach
    void start() throws Exception {
        mx = new Mx("127.52.0.2");
        Files.createDirectory(home.resolve("keys"));
        for (String file : List.of("one.pem", "two.pem")) {
            KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
            g.initialize(2048);
            Path path = Files.writeString(home.resolve("keys").resolve(file), "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(g.generateKeyPair().getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
        gateway = LocalGateway.operated(home, yaml(""));
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null)
            gateway.close();
        mx.close();
    }

    private String yaml(String moreKeys) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.52.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a, process-x-dkim-options: yes }
                domain-key: [ "s1,signed.test,keys/one.pem"%s ]
                virtual-mta:
                  a: { smtp-source-host: [ "127.52.1.1 a.gw.test" ] }
                  b: { smtp-source-host: [ "127.52.1.2 b.gw.test" ], domain-key: "sb,foreign.test,keys/two.pem" }
                domain:
                  "*": { smtp-hosts: [ "%s" ], dkim-sign: yes, dkim-identity: from, retry-after: 1s }
                  unsigned.test: { dkim-sign: no }
                  short.test: { bounce-after: 3s }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(moreKeys, mx.hop());
    }

    private void reload(String moreKeys) throws Exception {
        gateway.write(yaml(moreKeys));
        Cli.done(home, "reload");
    }

    private void waits(String recipient) throws Exception {
        String listed = Cli.done(home, "list", "--rcpt", recipient, "--json");
        assertThat(listed).contains("cannot be signed: no rsa-sha256 key for x@foreign.test through ");
    }

    private String delivered(String recipient) {
        String text = mx.awaitMail(recipient).text();
        return text.startsWith("DKIM-Signature:") ? text.substring(0, text.indexOf("\r\nReceived:")) : "";
    }

    @Test
    void itWaitsUntilAReloadBringsTheKey() throws Exception {
        gateway.take(FOREIGN, "r@one.test", "r@unsigned.test", "q@one.test");
        gateway.take(FOREIGN.replace("foreign", "signed"), "s@one.test");
        gateway.take("Subject: nobody\r\n\r\n" + "large\r\n".repeat(100_000), "large@one.test");

        assertThat(delivered("r@unsigned.test")).isEmpty();
        assertThat(delivered("s@one.test")).contains("d=signed.test;");
        await("some attempts").atMost(Mx.LIMIT).until(() -> {
            waits("r@one.test");
            return mx.recipients().size() == 2;
        });
        assertThat(gateway.gateway().conservation().queued()).isEqualTo(3);
        assertThat(gateway.gateway().conservation().holds()).isTrue();

        reload(", \"s2,foreign.test,keys/two.pem\"");
        assertThat(delivered("r@one.test")).contains("s=s2;", "d=foreign.test;", "i=x@foreign.test");
        assertThat(mx.awaitMail("q@one.test").recipients()).containsExactly("r@one.test", "q@one.test");
        assertThat(mx.to("large@one.test")).isEmpty();
        Cli.done(home, "delete", "*/*", "--rcpt", "large@one.test");
        gateway.recordsWhenDone();
        gateway.assertConserved(mx);
        assertThat(gateway.records("large@one.test")).extracting(AcctCsv.Line::failed).containsExactly(true);
    }

    @Test
    void itWaitsOverARestart() throws Exception {
        gateway.take(FOREIGN, "r@one.test");
        gateway.close();
        gateway = LocalGateway.operated(home, yaml(""));
        waits("r@one.test");
        gateway.close();
        assertThat(mx.recipients()).isEmpty();
        gateway = LocalGateway.operated(home, yaml(", \"s2,foreign.test,keys/two.pem\""));
        assertThat(delivered("r@one.test")).contains("d=foreign.test;");
    }

    @Test
    void itExpires() throws Exception {
        gateway.take(FOREIGN, "r@short.test");
        List<AcctCsv.Line> records = gateway.records("r@short.test");
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().failed()).isTrue();
        assertThat(records.getFirst().get("dsnStatus")).startsWith("4.4.7");
        assertThat(mx.recipients()).isEmpty();
        gateway.assertConserved(mx);
    }

    @Test
    void movedItIsSignedWithTheKeysOfItsNewWay() throws Exception {
        gateway.take(FOREIGN, "r@one.test");
        waits("r@one.test");
        Cli.done(home, "retry", "*/*");
        waits("r@one.test");
        Cli.done(home, "move", "*/a", "--to", "b");
        assertThat(delivered("r@one.test")).contains("s=sb;", "d=foreign.test;");
        assertThat(mx.awaitMail("r@one.test").client()).isEqualTo("127.52.1.2");
        gateway.recordsWhenDone();
        gateway.assertConserved(mx);
    }

    @Test
    void manyWaitAndGo() throws Exception {
        try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
            for (int i = 0; i < 500; i++)
                assertThat(client.submit(FOREIGN, "m" + i + "@d" + i % 7 + ".test")).startsWith("250");
        }
        assertThat(mx.recipients()).isEmpty();
        reload(", \"s2,foreign.test,keys/two.pem\"");
        await("all").atMost(Mx.LIMIT).until(() -> mx.recipients().size() == 500);
        assertThat(mx.mails()).allMatch(m -> m.text().startsWith("DKIM-Signature: v=1;"));
        gateway.recordsWhenDone();
        gateway.assertConserved(mx);
    }

    @Test
    void whatTheMessageItselfAsksForStaysWithItsSender() throws Exception {
        try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
            assertThat(client.submit("X-DKIM-Options: s=none\r\n" + FOREIGN.replace("foreign", "signed"), "r@one.test"))
                    .isEqualTo("451 4.7.0 Message could not be signed, try again later");
        }
    }
}
