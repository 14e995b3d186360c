package org.caravanmta.tls.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

class PublicAuthoritiesTest {

    private static CertificateBuilder authority() {
        return new CertificateBuilder().ecp256().subject("CN=Authority").setIsCertificateAuthority(true);
    }

    private static CertificateBuilder host() {
        return new CertificateBuilder().ecp256().subject("CN=mx.a.test").addExtendedKeyUsageServerAuth();
    }

    @Test
    void aCertificateForTheHostFromATrustedAuthorityIsGood() throws Exception {
        X509Bundle root = authority().buildSelfSigned();
        PublicAuthorities trusted = new PublicAuthorities(List.of(root.getCertificate()));
        Instant now = Instant.now();
        X509Certificate good = host().addSanDnsName("mx.a.test").buildIssuedBy(root).getCertificate();
        assertThat(trusted.mismatch(List.of(good), "mx.a.test")).isNull();
        assertThat(trusted.mismatch(List.of(good), "mx.b.test")).isEqualTo("the certificate is not for mx.b.test");
        assertThat(trusted.mismatch(List.of(), "mx.a.test")).isNotNull();
        assertThat(trusted.mismatch(List.of(host().buildIssuedBy(root).getCertificate()), "mx.a.test"))
                .as("by common name").isEqualTo("the certificate is not for mx.a.test");
        assertThat(trusted.mismatch(List.of(host().addSanDnsName("mx.a.test").notBefore(now.minus(Duration.ofDays(9)))
                .notAfter(now.minus(Duration.ofDays(1))).buildIssuedBy(root).getCertificate()), "mx.a.test"))
                .as("expired").startsWith("the certificate is not trusted: ");
        assertThat(trusted.mismatch(List.of(host().addSanDnsName("mx.a.test")
                .buildIssuedBy(authority().buildSelfSigned()).getCertificate()), "mx.a.test"))
                .as("from a stranger").startsWith("the certificate is not trusted: ");
        assertThat(new PublicAuthorities(List.of()).mismatch(List.of(good), "mx.a.test"))
                .as("of those whom the JDK trusts").startsWith("the certificate is not trusted: ");
    }
}
