package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of the SMTP server: the directives, and the files that they name. */
class TlsConfigTest {

    private static final String REST = """
            source: { 127.0.0.0/8: { always-allow-relaying: yes } }
            acct-file: { path: acct.csv }
            """;
    private static final String LISTENER = "smtp-listener: [ \"127.0.0.1:2525\" ]\n";

    @TempDir
    Path folder;

    private ConfigReader.Result read(String text) {
        return ConfigReader.readText(folder.resolve("caravan.yaml").toString(), text + REST, () -> "gw.example.com");
    }

    /** What test resources hold, one behind the other, in a file of this mode. */
    private void file(String name, String mode, String... resources) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String r : resources)
            try (InputStream in = TlsConfigTest.class.getResourceAsStream("/tls/" + r + ".pem")) {
                text.append(new String(in.readAllBytes()));
            }
        Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(mode));
    }

    private String only(ConfigReader.Result r) {
        assertThat(r.problems()).hasSize(1);
        return told(r.problems().getFirst());
    }

    private String told(Problem p) {
        return p.toString().replace(folder + "/", "");
    }

    @ParameterizedTest
    @CsvSource({ "gw, gw-key, ECDSA", "gw, gw-sec1, ECDSA", "rsa, rsa-key, RSA", "rsa, rsa-pkcs1, RSA" })
    void certificateAndKeyInTwoFiles(String certificate, String key, String algorithm) throws Exception {
        file("cert.pem", "rw-r--r--", certificate, "other");
        file("key.pem", "rw-r-----", key);

        ConfigReader.Result r = read(LISTENER + "smtp-server-tls-certificate: [ cert.pem, key.pem ]\n");

        assertThat(r.problems()).isEmpty();
        assertThat(r.warnings()).isEmpty();
        ServerTls tls = r.config().serverTls();
        assertThat(tls.certificate().chain()).hasSize(2);
        assertThat(tls.certificate().algorithm()).isEqualTo(algorithm);
        assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(tls.ciphers()).hasSize(6).allMatch(c -> c.startsWith("TLS_ECDHE_"));
        assertThat(ConfigSummary.of(r.config())).contains("CN=" + certificate + ".example.com, " + algorithm
                + ", valid until 2120-01-01T00:00:00Z, TLSv1.2 TLSv1.3");
    }

    @Test
    void certificateAndKeyInOneFile() throws Exception {
        file("gw.pem", "rw-------", "gw-key", "gw");

        ServerTls tls = read(LISTENER + "smtp-server-tls-certificate: gw.pem\n").config().serverTls();

        assertThat(tls.files().all()).containsExactly(folder.resolve("gw.pem"));
        assertThat(tls.certificate().own().getSubjectX500Principal().getName()).isEqualTo("CN=gw.example.com");
    }

    @Test
    void withoutACertificateThereIsNoTls() {
        assertThat(read(LISTENER).config().serverTls()).isNull();
        ConfigReader.Result r = read("smtp-listener: [ \"127.0.0.1:2525\", \"127.0.0.1:2465 immediate-tls=yes\" ]\n");
        assertThat(only(r)).isEqualTo("caravan.yaml:1:36: found 127.0.0.1:2465 immediate-tls=yes, but no certificate, "
                + "expected smtp-server-tls-certificate: [ CERTIFICATE, KEY ], hint: name a certificate, or take "
                + "immediate-tls away");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "gw; rw-r--r--; gw-key; key.pem, which everybody may read; chmod 640",
            "gw; rw-rw----; gw-key; key.pem, which others may write; chmod 640",
            "gw; rw-------; other-key; key.pem, whose private key does not belong to the certificate of "
                    + "CN=gw.example.com; name the key that the certificate was made for",
            "other,gw; rw-------; gw-key; key.pem, whose private key does not belong to the certificate of "
                    + "CN=other.example.com; put the server's own certificate in front of the others",
            "gw; rw-------; rsa-key; key.pem, whose private key does not belong; name the key",
            "gw; rw-------; gw; key.pem, without -----BEGIN PRIVATE KEY-----; name the file of the key as the second",
            "gw; rw-------; gw-encrypted; key.pem: the private key cannot be used, it is encrypted; openssl pkey",
            "gw-key; rw-------; gw-key; cert.pem, without -----BEGIN CERTIFICATE-----; the file of the certificate "
                    + "comes first" })
    void filesThatCannotBeUsed(String certificates, String mode, String key, String found, String hint)
            throws Exception {
        file("cert.pem", "rw-r-----", certificates.split(","));
        file("key.pem", mode, key);

        ConfigReader.Result r = read(LISTENER + "smtp-server-tls-certificate: [ cert.pem, key.pem ]\n");

        assertThat(r.good()).isFalse();
        assertThat(only(r)).startsWith("caravan.yaml:2:30: found " + found).contains("hint: " + hint);
    }

    @Test
    void keyBesideTheCertificateIsKeptPrivateToo() throws Exception {
        file("gw.pem", "rw-r--r--", "gw", "gw-key");
        file("key.pem", "rw-------", "gw-key");

        assertThat(only(read(LISTENER + "smtp-server-tls-certificate: gw.pem\n"))).contains("which everybody may read");
        assertThat(only(read(LISTENER + "smtp-server-tls-certificate: [ gw.pem, key.pem ]\n")))
                .contains("which everybody may read");
    }

    @Test
    void missingAndBrokenFiles() throws Exception {
        Files.writeString(folder.resolve("broken.pem"),
                "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n");
        assertThat(only(read(LISTENER + "smtp-server-tls-certificate: none.pem\n")))
                .contains("none.pem, which does not exist", "paths are relative to the folder of this file");
        assertThat(only(read(LISTENER + "smtp-server-tls-certificate: broken.pem\n")))
                .contains("broken.pem, whose certificate number 1 is broken");
        assertThat(only(read(LISTENER + "smtp-server-tls-certificate: .\n"))).contains("which is no file");
    }

    @Test
    void expiredCertificateIsAWarning() throws Exception {
        file("cert.pem", "rw-r--r--", "old");
        file("key.pem", "rw-------", "gw-key");

        ConfigReader.Result r = read(LISTENER + "smtp-server-tls-certificate: [ cert.pem, key.pem ]\n");

        assertThat(r.problems()).isEmpty();
        assertThat(told(r.warnings().getFirst())).isEqualTo("caravan.yaml:2:30: found cert.pem, expired on "
                + "2020-01-01T00:00:00Z, expected a valid certificate, hint: clients that verify it will not hand mail "
                + "in: renew it");
    }

    @Test
    void versions() throws Exception {
        file("cert.pem", "rw-------", "gw", "gw-key");
        String certificate = LISTENER + "smtp-server-tls-certificate: cert.pem\n";
        assertThat(read(certificate + "smtp-server-tls-allow-tlsv1.2: no\nsmtp-server-tls-allow-tlsv1: no\n").config()
                .serverTls().protocols()).containsExactly("TLSv1.3");
        assertThat(only(read(certificate + "smtp-server-tls-allow-tlsv1.3: no\nsmtp-server-tls-allow-tlsv1.2: no\n")))
                .contains("found neither TLS 1.2 nor TLS 1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = { "1", "1.1" })
    void whatIsBrokenStaysOff(String version) {
        assertThat(only(read(LISTENER + "smtp-server-tls-allow-tlsv" + version + ": yes\n")))
                .startsWith("caravan.yaml:2:").contains("found \"yes\", expected no", "RFC 8996");
    }

    @Test
    void ciphers() throws Exception {
        file("cert.pem", "rw-------", "gw", "gw-key");
        String certificate = LISTENER + "smtp-server-tls-certificate: cert.pem\n";
        assertThat(read(certificate + "smtp-server-tls-ciphers: [ ECDHE-ECDSA-AES256-GCM-SHA384, "
                + "tls_ecdhe_rsa_with_aes_128_cbc_sha ]\n").config().serverTls().ciphers())
                .containsExactly("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
        assertThat(only(read(certificate + "smtp-server-tls-ciphers: ECDHE-RSA-AES256-GCM-SHA384\n")))
                .contains("found no cipher for a key of the kind ECDSA");
        assertThat(only(read(certificate + "smtp-server-tls-ciphers: RC4-SHA\n"))).contains("found \"RC4-SHA\"",
                "known: ECDHE-ECDSA-AES128-GCM-SHA256");
        assertThat(only(read(certificate + "smtp-server-tls-ciphers: TLS_AES_128_GCM_SHA256\n")))
                .contains("the ciphers of TLS 1.3 are always all on");
    }

    @Test
    void listenersSayImmediateTls() throws Exception {
        file("cert.pem", "rw-------", "gw", "gw-key");
        CaravanConfig c = ConfigReader.readText(folder.resolve("caravan.yaml").toString(), """
                smtp-listener: [ "127.0.0.1:2525", "127.0.0.1:465 immediate-tls=yes", "127.0.0.1:26 immediate-tls=no",
                  "127.0.0.1:466 immediate-tls=yes source=crm", "127.0.0.1:467 source=crm immediate-tls=yes" ]
                smtp-server-tls-certificate: cert.pem
                source: { 127.0.0.0/8: { always-allow-relaying: yes }, crm: { allow-starttls: no } }
                """, () -> "gw.example.com").config();
        assertThat(c.smtpListeners()).extracting(SmtpListener::immediateTls).containsExactly(false, true, false, true,
                true);
        assertThat(c.smtpListeners()).extracting(SmtpListener::source).containsExactly(null, null, null, "crm", "crm");
        assertThat(ConfigSummary.of(c)).contains("127.0.0.1:466 source crm immediate TLS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = { "immediate-tls=perhaps", "immediate-tls", "immediate-tls=yes immediate-tls=no", "tls=yes" })
    void listenersThatAreNotUnderstood(String option) {
        assertThat(only(read("smtp-listener: [ \"127.0.0.1:465 " + option + "\" ]\n")))
                .contains("source=NAME and immediate-tls=yes");
    }

    @Test
    void starttlsIsOfferedUnlessASourceSaysNo() {
        CaravanConfig c = ConfigReader.readText("caravan.yaml", LISTENER + """
                source: { 127.0.0.0/8: { always-allow-relaying: yes, allow-starttls: no }, 10/8: { } }
                acct-file: { path: acct.csv }
                """, () -> "gw.example.com").config();
        assertThat(c.sources().list()).extracting(Source::allowStarttls).containsExactly(true, false);
        assertThat(Source.NOBODY.allowStarttls()).isTrue();
    }
}
