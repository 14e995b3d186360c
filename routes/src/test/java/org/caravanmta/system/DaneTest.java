package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

import org.caravanmta.sink.SinkScript;
import org.caravanmta.system.SignedZones.Kind;
import org.caravanmta.tls.TlsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** TLSA records of real zones, from a real name server to what the receivers saw and the records say. */
class DaneTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private static X509Bundle certificate() throws Exception {
        return new CertificateBuilder().ecp256().subject("CN=whatever").setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static SinkScript tls(X509Bundle certificate) throws Exception {
        return new SinkScript().tls(SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .sslProvider(TlsProvider.JDK.netty()).build());
    }

    private static String tlsa(int port, X509Bundle certificate) throws Exception {
        byte[] key = certificate.getCertificate().getPublicKey().getEncoded();
        return "_" + port + "._tcp.mx TLSA 3 1 1 "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key)) + "\n";
    }

    private static String mx(int host) {
        return "@ MX 10 mx\nmx A 127.48.0." + host + "\n";
    }

    @Test
    void mailGoesOnlyToHostsWithTheCertificateThatTheDnsProves() throws Exception {
        X509Bundle right = certificate();
        X509Bundle wrong = certificate();
        Path home = Files.createDirectory(folder.resolve("home"));
        Mx changing;
        try (Mx good = new Mx("127.48.0.11", 0, tls(right));
                Mx plain = new Mx("127.48.0.12", good.port(), new SinkScript());
                Mx bogus = new Mx("127.48.0.13", good.port(), tls(right));
                SignedZones zones = zones(good.port(), right)) {
            Files.writeString(home.resolve("anchors"), zones.anchor());
            changing = new Mx("127.48.0.14", good.port(), tls(wrong));
            try (LocalGateway gateway = LocalGateway.operated(home, yaml(zones, good.port()))) {
                for (String domain : List.of("good", "plain", "bad", "none", "bogus", "stripped", "hosted", "guest"))
                    gateway.take(SmtpClient.text(), "u@" + domain + ".test");

                assertThat(good.awaitMail("u@good.test").connection().tls()).isEqualTo("TLSv1.3");
                plain.awaitMail("u@plain.test");
                good.awaitMail("u@hosted.test");
                good.awaitMail("u@guest.test");
                awaitTrouble(gateway, "bad", "4.7.5", "DANE", "mx.bad.test", "matches no TLSA record");
                awaitTrouble(gateway, "none", "4.7.5", "does not offer STARTTLS", "DANE");
                awaitTrouble(gateway, "bogus", "4.7.0", "DANE: cannot be relied on by DNSSEC: TLSA of _");
                awaitTrouble(gateway, "stripped", "4.7.0", "DANE: cannot be relied on by DNSSEC: MX of stripped.test");
                assertThat(Cli.done(home, "explain", "bad.test/{default}")).contains("matches no TLSA record");
                assertThat(changing.mails()).isEmpty();
                assertThat(bogus.connections()).isZero();
                assertThat(plain.recipients()).containsExactly("u@plain.test");
                assertThat(queue(gateway, "hosted")).as("demands TLS").isEqualTo("hosted.test/{default}");
                assertThat(queue(gateway, "guest")).as("demands nothing")
                        .isEqualTo("mx.good.test.rollup/{default}");

                changing.close();
                changing = new Mx("127.48.0.14", good.port(), tls(right));
                assertThat(changing.awaitMail("u@bad.test").connection().tls()).isEqualTo("TLSv1.3");
            }
            changing.close();
        }
    }

    private static SignedZones zones(int port, X509Bundle right, SignedZones zones) throws Exception {
        String tlsa = tlsa(port, right);
        return zones.zone("good.test", Kind.SIGNED, mx(11) + tlsa).zone("plain.test", Kind.PLAIN, mx(12) + tlsa)
                .zone("bad.test", Kind.SIGNED_NSEC3, mx(14) + tlsa).zone("none.test", Kind.SIGNED, mx(12) + tlsa)
                .zone("bogus.test", Kind.SIGNED, mx(13) + tlsa, text -> text.replace("TLSA\t3 1 1", "TLSA\t3 1 2"))
                .zone("stripped.test", Kind.STRIPPED, mx(13) + tlsa)
                .zone("hosted.test", Kind.SIGNED, "@ MX 10 mx.good.test.\n")
                .zone("guest.test", Kind.PLAIN, "@ MX 10 mx.good.test.\n").start();
    }

    private SignedZones zones(int port, X509Bundle right) throws Exception {
        return zones(port, right, new SignedZones(folder.resolve("zones")));
    }

    private static String yaml(SignedZones zones, int port) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.48.0.1:0" ]
                name-server: [ "%s:%d" ]
                dnssec-trust-anchors: anchors
                source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                domain:
                  "*": { default-smtp-port: %d, retry-after: [ 1s ], use-dane: yes }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(zones.nameServer().getHostString(), zones.nameServer().getPort(), port);
    }

    private static void awaitTrouble(LocalGateway gateway, String domain, String status, String... words) {
        await(domain).atMost(Mx.LIMIT).untilAsserted(() -> assertThat(gateway.records())
                .filteredOn(r -> r.rcpt().equals("u@" + domain + ".test")).last().satisfies(r -> {
                    assertThat(r.get("type")).isEqualTo("t");
                    assertThat(r.get("dsnStatus")).startsWith(status);
                    assertThat(r.get("dsnDiag")).contains(words);
                }));
    }

    private static String queue(LocalGateway gateway, String domain) throws Exception {
        return gateway.records().stream().filter(r -> r.rcpt().equals("u@" + domain + ".test")).findFirst()
                .orElseThrow().get("queue");
    }
}
