package org.caravanmta.tls.dane;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

class DaneVerifierTest {

    private static final Instant NOW = Instant.now();
    private static X509Bundle root;
    private static X509Bundle middle;
    private static X509Bundle host;
    private static X509Bundle other;

    @BeforeAll
    static void certificates() throws Exception {
        CertificateBuilder ca = new CertificateBuilder().ecp256().setIsCertificateAuthority(true);
        root = ca.copy().subject("CN=Root").buildSelfSigned();
        middle = ca.copy().subject("CN=Middle").buildIssuedBy(root);
        host = leaf("mx.a.test").buildIssuedBy(middle);
        other = leaf("mx.a.test").buildIssuedBy(ca.copy().subject("CN=Other").buildSelfSigned());
    }

    private static CertificateBuilder leaf(String name) {
        return new CertificateBuilder().rsa2048().subject("CN=leaf").addSanDnsName(name);
    }

    private static TlsaRecord record(int usage, int selector, int matching, X509Certificate c) throws Exception {
        byte[] selected = selector == 0 ? c.getEncoded() : c.getPublicKey().getEncoded();
        return new TlsaRecord(usage, selector, matching, matching == 0 ? selected
                : MessageDigest.getInstance(matching == 1 ? "SHA-256" : "SHA-512").digest(selected));
    }

    private static String mismatch(List<TlsaRecord> records, X509Certificate... chain) {
        return new DaneVerifier(TlsaRecord.usable(records), Set.of("mx.a.test", "a.test"))
                .mismatch(List.of(chain), NOW);
    }

    @ParameterizedTest
    @CsvSource({ "0,0", "0,1", "0,2", "1,0", "1,1", "1,2" })
    void daneEeMeansTheHostsOwnCertificate(int selector, int matching) throws Exception {
        TlsaRecord r = record(3, selector, matching, host.getCertificate());
        assertThat(mismatch(List.of(r), host.getCertificate())).isNull();
        assertThat(mismatch(List.of(r), other.getCertificate())).contains("matches no TLSA record")
                .contains(r.toString());
        assertThat(mismatch(List.of(r), other.getCertificate(), host.getCertificate())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({ "0,0", "0,1", "0,2", "1,0", "1,1", "1,2" })
    void daneTaMeansAnIssuerThatTheHostShows(int selector, int matching) throws Exception {
        for (X509Bundle anchor : List.of(root, middle)) {
            TlsaRecord r = record(2, selector, matching, anchor.getCertificate());
            assertThat(mismatch(List.of(r), host.getCertificate(), middle.getCertificate(), root.getCertificate()))
                    .isNull();
            assertThat(mismatch(List.of(r), host.getCertificate(), root.getCertificate(), middle.getCertificate()))
                    .as("in any order").isNull();
            assertThat(mismatch(List.of(r), other.getCertificate(), middle.getCertificate(), root.getCertificate()))
                    .as("not issued by it").contains("does not lead to");
        }
    }

    @ParameterizedTest
    @CsvSource({ "0", "1" })
    void anAnchorThatStandsInTheRecordNeedNotBeShown(int selector) throws Exception {
        TlsaRecord r = record(2, selector, 0, root.getCertificate());
        assertThat(mismatch(List.of(r), host.getCertificate(), middle.getCertificate())).isNull();
        assertThat(mismatch(List.of(r), host.getCertificate())).isNotNull();
        assertThat(mismatch(List.of(record(2, selector, 1, root.getCertificate())), host.getCertificate(),
                middle.getCertificate())).isNotNull();
    }

    @Test
    void theHostsOwnCertificateIsNoAnchor() throws Exception {
        assertThat(mismatch(List.of(record(2, 0, 1, other.getCertificate())), other.getCertificate())).isNotNull();
    }

    @Test
    void namesAndDatesMatterForDaneTaOnly() throws Exception {
        X509Bundle foreign = leaf("mx.b.test").buildIssuedBy(middle);
        X509Bundle old = leaf("mx.a.test").notBefore(NOW.minus(Duration.ofDays(9)))
                .notAfter(NOW.minus(Duration.ofDays(1))).buildIssuedBy(middle);
        X509Bundle client = leaf("mx.a.test").addExtendedKeyUsageClientAuth().buildIssuedBy(middle);
        List<TlsaRecord> ta = List.of(record(2, 0, 1, middle.getCertificate()));
        assertThat(mismatch(ta, foreign.getCertificate(), middle.getCertificate()))
                .isEqualTo("the certificate is not for a.test or mx.a.test");
        assertThat(mismatch(ta, old.getCertificate(), middle.getCertificate())).contains("does not lead to");
        assertThat(mismatch(ta, client.getCertificate(), middle.getCertificate())).contains("not for servers");
        for (X509Bundle b : List.of(foreign, old, client))
            assertThat(mismatch(List.of(record(3, 1, 1, b.getCertificate())), b.getCertificate())).isNull();
    }

    @Test
    void anAnchorThatMayNotIssueIsNoIssuer() throws Exception {
        X509Bundle noCa = new CertificateBuilder().ecp256().subject("CN=Middle").setIsCertificateAuthority(true)
                .buildIssuedBy(root);
        X509Bundle forged = leaf("mx.a.test").buildIssuedBy(noCa);
        assertThat(mismatch(List.of(record(2, 0, 1, root.getCertificate())), forged.getCertificate(),
                middle.getCertificate(), root.getCertificate())).as("issued by another key of that name").isNotNull();
    }

    @Test
    void unusableRecordsDemandTlsWithoutAName() throws Exception {
        X509Certificate c = host.getCertificate();
        List<TlsaRecord> unusable = List.of(record(0, 0, 1, c), record(1, 0, 1, c),
                new TlsaRecord(3, 2, 1, new byte[32]),
                new TlsaRecord(3, 1, 3, new byte[32]), new TlsaRecord(3, 1, 1, new byte[31]),
                new TlsaRecord(3, 1, 2, new byte[32]), new TlsaRecord(2, 0, 0, new byte[5]),
                new TlsaRecord(2, 1, 0, new byte[5]));
        assertThat(TlsaRecord.usable(unusable)).isEmpty();
        DaneVerifier v = new DaneVerifier(TlsaRecord.usable(unusable), Set.of("mx.a.test"));
        assertThat(v.authenticates()).isFalse();
        assertThat(v.mismatch(List.of(other.getCertificate()), NOW)).isNull();
        List<TlsaRecord> one = new ArrayList<>(unusable);
        one.add(record(3, 1, 1, c));
        assertThat(mismatch(one, other.getCertificate())).isNotNull();
        assertThat(mismatch(one, c)).isNull();
    }

    @Test
    void theStrongerDigestCounts() throws Exception {
        X509Certificate c = host.getCertificate();
        List<TlsaRecord> both = List.of(record(3, 1, 1, other.getCertificate()), record(3, 1, 2, c));
        assertThat(mismatch(both, other.getCertificate())).isNotNull();
        assertThat(mismatch(both, c)).isNull();
        assertThat(mismatch(List.of(record(3, 1, 1, other.getCertificate()), record(3, 0, 2, c)),
                other.getCertificate())).as("of another selector").isNull();
    }

    @Test
    void noCertificateIsNone() throws Exception {
        assertThat(mismatch(List.of(record(3, 1, 1, host.getCertificate())))).isNotNull();
    }
}
