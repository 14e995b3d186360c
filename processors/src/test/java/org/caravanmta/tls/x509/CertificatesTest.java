package org.caravanmta.tls.x509;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatesTest {

    @ParameterizedTest
    @CsvSource({ "mx.a.test, true", "a.test, false", "*.a.test, true", "*.test, false", "*, false", "m*.a.test, false",
            "*.mx.a.test, false", "mx.*.test, false", "'', false" })
    void aWildcardInACertificateStandsForOneLabel(String pattern, boolean covers) {
        assertThat(Certificates.covers(pattern, "MX.a.test")).isEqualTo(covers);
    }
}
