package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

import org.caravanmta.sink.SinkScript;
import org.caravanmta.sink.SinkVerb;
import org.caravanmta.tls.TlsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** TLS to receivers that have it, have it badly, or not: what the receiver saw, and what the records say. */
class TlsOutTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final X509Bundle bundle;

    TlsOutTest() throws Exception {
        bundle = new CertificateBuilder().ecp256().subject("CN=mx.test").addSanDnsName("mx.test")
                .setIsCertificateAuthority(true).buildSelfSigned();
    }

    private SslContext tls() throws Exception {
        return SslContextBuilder.forServer(bundle.toKeyManagerFactory()).sslProvider(TlsProvider.JDK.netty()).build();
    }

    private String yaml(String domain) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.45.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                virtual-mta:
                  a: { smtp-source-host: [ "127.45.1.1 a.gw.test" ] }
                domain:
                  %s
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(domain);
    }

    @Test
    void mailIsEncryptedWhereItCanBeAndWaitsWhereItMust() throws Exception {
        try (Mx good = new Mx("127.45.0.2", 0, new SinkScript().tls(tls()));
                Mx none = new Mx("127.45.0.3", 0, new SinkScript());
                Mx bad = new Mx("127.45.0.4", 0, new SinkScript().tls(tls()).drop(SinkVerb.STARTTLS));
                LocalGateway gateway = LocalGateway.operated(folder, yaml(domains(good, none, bad, "yes")))) {
            for (int i = 0; i < 20; i++)
                gateway.take(SmtpClient.text(), i + "@good.test", i + "@none.test", i + "@bad.test",
                        i + "@strict.test", i + "@must.test");

            await().atMost(Mx.LIMIT).until(() -> good.mails().size() == 20 && none.mails().size() == 20
                    && bad.mails().size() == 20);
            assertThat(good.mails()).allMatch(m -> "TLSv1.3".equals(m.connection().tls()));
            assertThat(none.mails()).allMatch(m -> m.recipients().getFirst().endsWith("@none.test"));
            assertThat(bad.mails()).allMatch(m -> m.connection().tls() == null);
            await().atMost(Mx.LIMIT).untilAsserted(() -> assertThat(gateway.records().stream()
                    .filter(r -> r.get("type").equals("t"))
                    .map(r -> r.get("dsnStatus") + r.rcpt().replaceAll(".*@", " ")))
                    .contains("4.7.5 (cryptographic failure) strict.test",
                            "4.7.5 (cryptographic failure) must.test"));
            assertThat(Cli.done(folder, "explain", "must.test/a")).contains("does not offer STARTTLS",
                    "require-starttls");
            assertThat(Cli.done(folder, "explain", "strict.test/a")).contains("smtp-tls-verify", "not trusted");

            gateway.write(yaml(domains(good, none, bad, "no")));
            Cli.done(folder, "reload");
            Cli.done(folder, "retry", "*/a");
            await().atMost(Mx.LIMIT).until(() -> good.mails().size() == 40 && none.mails().size() == 40);
            gateway.recordsWhenDone();
            gateway.assertConserved(good, none, bad);
        }
    }

    private static String domains(Mx good, Mx none, Mx bad, String demand) {
        return String.join("\n  ", "\"*\": { retry-after: [ 1s ] }", "good.test: { smtp-hosts: [ \"" + good.hop()
                + "\" ], require-starttls: yes }", "none.test: { smtp-hosts: [ \"" + none.hop() + "\" ] }",
                "bad.test: { smtp-hosts: [ \"" + bad.hop() + "\" ] }",
                "strict.test: { smtp-hosts: [ \"" + good.hop() + "\" ], smtp-tls-verify: " + demand + " }",
                "must.test: { smtp-hosts: [ \"" + none.hop() + "\" ], require-starttls: " + demand + " }");
    }

    @Test
    void postfixThatDemandsTlsTakesWhatIsEncrypted() throws Exception {
        Path certificate = bundle.toTempCertChainPem().toPath();
        Path key = bundle.toTempPrivateKeyPem().toPath();
        try (Postfix postfix = Postfix.start(Files.createDirectories(folder.resolve("postfix")), "127.45.0.5",
                "virtual_mailbox_domains = inline:{one.test=x}",
                "virtual_transport = discard", "smtpd_tls_security_level = encrypt",
                "smtpd_tls_loglevel = 1", "smtpd_tls_cert_file = " + certificate, "smtpd_tls_key_file = " + key);
                LocalGateway gateway = LocalGateway.start(Files.createDirectory(folder.resolve("home")), yaml(
                        "one.test: { require-starttls: yes, smtp-hosts: [ \"127.45.0.5:"
                                + postfix.address().getPort() + "\" ] }"))) {
            gateway.take(SmtpClient.text(), "u@one.test");
            assertThat(gateway.recordsWhenDone()).singleElement().matches(AcctCsv.Line::delivered);
            await().atMost(Duration.ofSeconds(10)).until(() -> postfix.log().stream().anyMatch(l -> l
                    .contains("TLS connection established from") && l.contains("TLSv1.3")));
        }
    }

    @Test
    void aPlainDeliveryIsRefusedByThatPostfix() throws Exception {
        Path certificate = bundle.toTempCertChainPem().toPath();
        Path key = bundle.toTempPrivateKeyPem().toPath();
        try (Postfix postfix = Postfix.start(Files.createDirectories(folder.resolve("postfix")), "127.45.0.6",
                "virtual_mailbox_domains = inline:{one.test=x}", "virtual_transport = discard",
                "smtpd_tls_security_level = encrypt", "smtpd_tls_cert_file = " + certificate,
                "smtpd_tls_key_file = " + key);
                LocalGateway gateway = LocalGateway.start(Files.createDirectory(folder.resolve("home")), yaml(
                        "one.test: { use-starttls: no, smtp-hosts: [ \"127.45.0.6:" + postfix.address().getPort()
                                + "\" ] }"))) {
            gateway.take(SmtpClient.text(), "u@one.test");
            assertThat(gateway.recordsWhenDone()).singleElement().satisfies(r -> {
                assertThat(r.failed()).isTrue();
                assertThat(r.get("dsnDiag")).contains("STARTTLS");
            });
            assertThat(gateway.gateway().conservation().holds()).isTrue();
        }
    }

    @Test
    void postfixThatKnowsOldVersionsOnlyGetsMailInClearOrNone() throws Exception {
        Path certificate = bundle.toTempCertChainPem().toPath();
        Path key = bundle.toTempPrivateKeyPem().toPath();
        try (Postfix postfix = Postfix.start(Files.createDirectories(folder.resolve("postfix")), "127.45.0.7",
                "virtual_mailbox_domains = inline:{may.test=x, must.test=x}", "virtual_transport = discard",
                "smtpd_tls_security_level = may", "smtpd_tls_protocols = TLSv1, TLSv1.1", "smtpd_tls_loglevel = 1",
                "smtpd_tls_ciphers = medium", "tls_medium_cipherlist = ALL:@SECLEVEL=0",
                "smtpd_tls_cert_file = " + certificate, "smtpd_tls_key_file = " + key);
                LocalGateway gateway = LocalGateway.operated(folder, yaml(oldVersions(postfix, "yes")))) {
            gateway.take(SmtpClient.text(), "u@may.test", "u@must.test");
            await().atMost(Mx.LIMIT).untilAsserted(() -> assertThat(gateway.records().stream()
                    .map(r -> r.get("type") + " " + r.rcpt())).contains("d u@may.test", "t u@must.test"));
            assertThat(Cli.done(folder, "explain", "must.test/a")).contains("handshake", "require-starttls");
            assertThat(postfix.logged("SSL_accept error")).isPositive();
            assertThat(postfix.logged("to=<u@may.test>")).isEqualTo(1);
            assertThat(postfix.logged(": client=")).isEqualTo(1); // nobody else got as far as MAIL

            gateway.write(yaml(oldVersions(postfix, "no")));
            Cli.done(folder, "reload");
            Cli.done(folder, "retry", "*/a");
            gateway.recordsWhenDone();
            assertThat(gateway.gateway().conservation().holds()).isTrue();
        }
    }

    private static String oldVersions(Postfix postfix, String demand) {
        String hosts = "{ smtp-hosts: [ \"127.45.0.7:" + postfix.address().getPort() + "\" ], require-starttls: ";
        return "\"*\": { retry-after: [ 1s ] }\n  may.test: " + hosts + "no }\n  must.test: " + hosts + demand + " }";
    }

    @Test
    void postfixThatAsksForACertificateIsShownOurs() throws Exception {
        Path certificate = bundle.toTempCertChainPem().toPath();
        Path key = bundle.toTempPrivateKeyPem().toPath();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        try (Postfix postfix = Postfix.start(Files.createDirectories(folder.resolve("postfix")), "127.45.0.8",
                "virtual_mailbox_domains = inline:{one.test=x}", "virtual_transport = discard",
                "smtpd_tls_security_level = encrypt", "smtpd_tls_req_ccert = yes", "smtpd_tls_CAfile = " + certificate,
                "smtpd_tls_loglevel = 1", "smtpd_tls_cert_file = " + certificate, "smtpd_tls_key_file = " + key);
                LocalGateway gateway = LocalGateway.start(Files.createDirectory(folder.resolve("home")), yaml(
                        "one.test: { require-starttls: yes, smtp-client-certificate: [ " + certificate + ", " + key
                                + " ], smtp-hosts: [ \"127.45.0.8:" + postfix.address().getPort() + "\" ] }"))) {
            gateway.take(SmtpClient.text(), "u@one.test");
            assertThat(gateway.recordsWhenDone()).singleElement().matches(AcctCsv.Line::delivered);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> postfix.logged("Trusted TLS connection established from") == 1);
        }
    }
}
