package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.caravanmta.config.trust.PolicyTrust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTrustTest {

    private static final String START = "smtp-listener: 127.0.0.1:0\nsource: { 127.0.0.1: { always-allow-relaying: yes } }\n";
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            %s
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    private ConfigReader.Result read(String directive) throws Exception {
        return ConfigReader.read(Files.writeString(folder.resolve("caravan.yaml"), START + directive + "\n"),
                () -> "gw.example.com");
    }

    @Test
    void theShippedAnchorsAreTheKeysOfTheRoot() throws Exception {
        assertThat(read("").config().policyTrust()).isEqualTo(PolicyTrust.DEFAULT);
        assertThat(PolicyTrust.DEFAULT.trustAnchors()).contains(". IN DS 20326 8 2 ", ". IN DS 38696 8 2 ");
        Files.writeString(folder.resolve("a"), PolicyTrust.DEFAULT.trustAnchors());
        assertThat(read("dnssec-trust-anchors: a").config().policyTrust().trustAnchors().lines()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = { "example. 3600 IN DNSKEY 257 3 13 ZzIVXLK3VNrfYwOYw4LcWUX6bmTbpubK9uWrqnsYZGQDB6GC==",
            "test.\tIN\tDS\t18620 13 2 3305baec96bf046aebf450415c94c9a8b68ecb1e1615ace2726401014d2ae97d ; mine\n\n; more" })
    void ownAnchorsAreTaken(String text) throws Exception {
        Files.writeString(folder.resolve("a"), text);
        assertThat(read("dnssec-trust-anchors: a").config().policyTrust().trustAnchors()).endsWith("\n")
                .doesNotContain(";");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "; nothing", "hello", ". IN DS 20326 8 2", ". IN A 127.0.0.1",
            ". IN DNSKEY 257 3 8 (\n AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTO )", "$INCLUDE /etc/passwd" })
    void whatIsNoAnchorIsAProblem(String text) throws Exception {
        Files.writeString(folder.resolve("a"), text);
        assertThat(read("dnssec-trust-anchors: a").problems()).singleElement()
                .satisfies(p -> assertThat(p.toString()).contains("caravan.yaml:3:", "DS or DNSKEY"));
    }

    @Test
    void authoritiesAreCertificates() throws Exception {
        Files.writeString(folder.resolve("a"), CERTIFICATE.formatted("MIIB"));
        for (String file : new String[] { "a", "missing", "." })
            assertThat(read("mta-sts-ca-file: " + file).problems()).singleElement()
                    .satisfies(p -> assertThat(p.toString()).contains("caravan.yaml:3:", "certificates"));
    }
}
