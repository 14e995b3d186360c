package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.caravanmta.sink.SinkScript;
import org.caravanmta.sink.SinkVerb;
import org.caravanmta.tls.TlsProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** Policies of domains, from DNS and a web server to what the receivers saw and the records say. */
class MtaStsTest {

    private static final String ENFORCE = "version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 86400\n";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    private final CertificateBuilder builder = new CertificateBuilder().ecp256().subject("CN=host");
    private final X509Bundle authority;

    MtaStsTest() throws Exception {
        authority = new CertificateBuilder().ecp256().subject("CN=Authority").setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    @BeforeEach
    void authority() throws Exception {
        Files.writeString(home.resolve("authority.pem"), authority.getCertificatePEM());
    }

    private X509Bundle certificate(String name) throws Exception {
        return builder.copy().addSanDnsName(name).buildIssuedBy(authority);
    }

    private SinkScript tls(String name) throws Exception {
        SslContext tls = SslContextBuilder.forServer(certificate(name).toKeyManagerFactory())
                .sslProvider(TlsProvider.JDK.netty()).build();
        return new SinkScript().tls(tls);
    }

    private static NameServer dns() throws Exception {
        return new NameServer("127.47.0.53").add("a.test", "MX", "5 evil.a.test.").add("a.test", "MX", "10 mx.a.test.")
                .add("evil.a.test", "A", "127.47.0.5").add("mx.a.test", "A", "127.47.0.6")
                .add("mta-sts.a.test", "A", "127.47.0.4").add("b.test", "MX", "5 evil.a.test.");
    }

    private static NameServer withPolicy() throws Exception {
        return dns().add("_mta-sts.a.test", "TXT", "\"v=STSv1; id=1;\"");
    }

    private String yaml(NameServer dns, int port) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.47.0.1:0" ]
                name-server: [ "%s" ]
                mta-sts-ca-file: authority.pem
                source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                domain:
                  "*": { default-smtp-port: %d, retry-after: [ 1s ], use-mta-sts: yes }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(dns.address(), port);
    }

    private static void awaitTrouble(LocalGateway gateway, String... words) {
        await("a record that says why").atMost(Mx.LIMIT).untilAsserted(() -> assertThat(gateway.records()).last()
                .satisfies(r -> {
                    assertThat(r.get("type")).isEqualTo("t");
                    assertThat(r.get("dsnStatus")).startsWith("4.7.");
                    assertThat(r.get("dsnDiag")).contains(words);
                }));
    }

    @Test
    void anEnforcedPolicyHoldsUntilTheCertificateIsRightAndAfterARestartWithNothingToBeHad() throws Exception {
        try (Mx evil = new Mx("127.47.0.5", 0, tls("evil.a.test"))) {
            try (NameServer dns = withPolicy();
                    PolicyServer _ = new PolicyServer("127.47.0.4", certificate("mta-sts.a.test"), ENFORCE);
                    LocalGateway gateway = LocalGateway.operated(home, yaml(dns, evil.port()))) {
                try (Mx wrong = new Mx("127.47.0.6", evil.port(),
                        tls("www.a.test").reply(SinkVerb.MAIL, "451 4.3.0 said"))) {
                    gateway.take(SmtpClient.text(), "one@a.test");
                    awaitTrouble(gateway, "MTA-STS policy of a.test", "mx.a.test", "the certificate is not for");
                    assertThat(Cli.done(home, "explain", "a.test/{default}")).contains("MTA-STS policy of a.test");
                    assertThat(wrong.connections()).isPositive();
                    assertThat(gateway.records()).as("MAIL was said").noneMatch(r -> r.get("dsnDiag").contains("451"));
                }
                try (Mx right = new Mx("127.47.0.6", evil.port(), tls("mx.a.test"))) {
                    assertThat(right.awaitMail("one@a.test").connection().tls()).isEqualTo("TLSv1.3");
                    gateway.recordsWhenDone();
                    gateway.assertConserved(right, evil);
                }
            }
            assertThat(Files.readString(home.resolve("mta-sts/policies"))).startsWith("a.test 1 ");
            try (NameServer dns = dns();
                    Mx wrong = new Mx("127.47.0.6", evil.port(), tls("www.a.test"));
                    LocalGateway gateway = LocalGateway.start(home, yaml(dns, evil.port()))) {
                gateway.take(SmtpClient.text(), "two@a.test");
                awaitTrouble(gateway, "MTA-STS policy of a.test", "the certificate is not for");
                assertThat(wrong.mails()).isEmpty();
            }
            assertThat(evil.connections()).as("to the host that the policy does not name").isZero();
        }
    }

    @Test
    void aPolicyThatNamesNoneOfTheHostsLetsMailWaitAndOthersPass() throws Exception {
        String other = ENFORCE.replace("mx.a.test", "*.elsewhere.test");
        try (NameServer dns = withPolicy();
                PolicyServer _ = new PolicyServer("127.47.0.4", certificate("mta-sts.a.test"), other);
                Mx evil = new Mx("127.47.0.5");
                LocalGateway gateway = LocalGateway.start(home, yaml(dns, evil.port()))) {
            gateway.take(SmtpClient.text(), "u@a.test");
            awaitTrouble(gateway, "MTA-STS policy of a.test does not name evil.a.test",
                    "MTA-STS policy of a.test does not name mx.a.test");
            assertThat(evil.connections()).isZero();
            gateway.take(SmtpClient.text(), "u@b.test");
            evil.awaitMail("u@b.test");
        }
    }

    @Test
    void aPolicyInTestingChangesNothing() throws Exception {
        try (NameServer dns = withPolicy();
                PolicyServer _ = new PolicyServer("127.47.0.4", certificate("mta-sts.a.test"),
                        ENFORCE.replace("enforce", "testing"));
                Mx evil = new Mx("127.47.0.5");
                LocalGateway gateway = LocalGateway.start(home, yaml(dns, evil.port()))) {
            gateway.take(SmtpClient.text(), "u@a.test");
            evil.awaitMail("u@a.test");
        }
    }

    @Test
    void aWebServerWithAStrangersCertificateGivesNoPolicy() throws Exception {
        X509Bundle stranger = builder.copy().addSanDnsName("mta-sts.a.test")
                .buildIssuedBy(new CertificateBuilder().ecp256().subject("CN=Authority")
                        .setIsCertificateAuthority(true).buildSelfSigned());
        try (NameServer dns = withPolicy();
                PolicyServer _ = new PolicyServer("127.47.0.4", stranger, ENFORCE);
                Mx evil = new Mx("127.47.0.5");
                LocalGateway gateway = LocalGateway.start(home, yaml(dns, evil.port()))) {
            gateway.take(SmtpClient.text(), "u@a.test");
            evil.awaitMail("u@a.test");
        }
    }
}
