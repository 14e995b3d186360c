package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.caravanmta.config.tls.ClientTls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsConfigTest {

    private static ConfigReader.Result read(String domain) {
        return ConfigReader.readText("caravan.yaml", "domain: { relay.example: { " + domain + " } }",
                () -> "gw.example.com");
    }

    private static DomainSettings settings(String domain) {
        ConfigReader.Result r = read(domain);
        assertThat(r.problems()).isEmpty();
        return r.config().settings("{default}", "relay.example");
    }

    @Test
    void whatIsSaidIsMeantAndTheRestIsSafe() {
        assertThat(settings("").tls()).isEqualTo(ClientTls.DEFAULT);
        ClientTls tls = settings("require-starttls: yes, smtp-tls-verify: yes, smtp-tls-allow-tlsv1.2: no, "
                + "reuse-ssl-session: no").tls();
        assertThat(tls.require()).isTrue();
        assertThat(tls.verify()).isTrue();
        assertThat(tls.protocols()).containsExactly("TLSv1.3");
        assertThat(tls.reuseSession()).isFalse();
        assertThat(settings("smtp-tls-allow-tlsv1.2: no, smtp-tls-allow-tlsv1.3: no").tls().protocols())
                .containsExactly("TLSv1.3");
    }

    @Test
    void aPasswordComesFromAFileThatIsNotForEverybodyAndIsNeverShown(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("password");
        Files.writeString(file, "s3cret word\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String auth = "auth-username: me, auth-password: 'file:" + file + "'";
        ConfigReader.Result r = read(auth);
        Login login = r.config().settings("{default}", "relay.example").login();

        assertThat(login.password().reveal()).isEqualTo("s3cret word");
        assertThat(login.toString()).doesNotContain("s3cret");
        assertThat(r.origins().queue("{default}", "relay.example").toString()).contains("file:" + file)
                .doesNotContain("s3cret");

        for (String open : new String[] { "rw-r--r--", "rw-r-----", "rw----r--" }) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThat(read(auth).problems().toString()).contains("chmod go-r").doesNotContain("s3cret");
        }
    }

    @Test
    void aPasswordThatIsWrittenOutIsNotShownEither() {
        ConfigReader.Result r = read("auth-username: me, auth-password: 's3cret'");
        assertThat(r.config().settings("{default}", "relay.example").login().password().reveal()).isEqualTo("s3cret");
        assertThat(r.origins().queue("{default}", "relay.example").toString()).doesNotContain("s3cret");
        assertThat(ConfigSummary.of(r.config())).doesNotContain("s3cret");
        String tooLong = "s3cret" + "x".repeat(5000);
        assertThat(read("auth-username: me, auth-password: " + tooLong).problems().toString())
                .contains("1 to 4096 characters").doesNotContain("s3cret");
    }

    @Test
    void whoWritesAPasswordWhereEverybodyReadsItIsWarned(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("caravan.yaml");
        Files.writeString(file, "domain: { relay.example: { auth-username: me, auth-password: s3cret } }");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigReader.Result open = ConfigReader.read(file, () -> "gw.example.com");
        assertThat(open.warnings().toString()).contains("file:/PATH").doesNotContain("s3cret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(ConfigReader.read(file, () -> "gw.example.com").warnings()).isEmpty();
    }

    @Test
    void aClientCertificateIsReadWithTheConfigurationAndInherited(@TempDir Path folder) throws Exception {
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gw", "-days", "30", "-keyout",
                folder.resolve("gw.key").toString(), "-out", folder.resolve("gw.pem").toString());
        Path file = folder.resolve("caravan.yaml");
        Files.writeString(file, """
                domain:
                  "*": { smtp-client-certificate: [ gw.pem, gw.key ] }
                  none.example: { smtp-client-certificate: "" }
                """);
        ConfigReader.Result r = ConfigReader.read(file, () -> "gw.example.com");
        assertThat(r.problems()).isEmpty();
        assertThat(r.config().settings("{default}", "relay.example").tls().certificate().own()
                .getSubjectX500Principal().getName()).isEqualTo("CN=gw");
        assertThat(r.config().settings("{default}", "none.example").tls().certificate()).isNull();

        Files.setPosixFilePermissions(folder.resolve("gw.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(ConfigReader.read(file, () -> "gw.example.com").problems().toString()).contains("gw.key");
        Files.delete(folder.resolve("gw.key"));
        assertThat(ConfigReader.read(file, () -> "gw.example.com").problems().toString()).contains("gw.key");
    }

    private static void run(String... command) throws Exception {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes());
        assertThat(p.waitFor()).as(said).isZero();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(read("auth-password: 'env:CARAVAN_NO_SUCH'").problems().toString()).contains("CARAVAN_NO_SUCH");
        assertThat(read("auth-password: 'file:relative'").problems().toString()).contains("whole path");
        assertThat(settings("auth-username: me").login()).isNull();
    }
}
