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
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        String auth = "auth-username: me, auth-password: 'file:" + file + "'";
        ConfigReader.Result r = read(auth);
        Login login = r.config().settings("{default}", "relay.example").login();

        assertThat(login.password().reveal()).isEqualTo("s3cret word");
        assertThat(login.toString()).doesNotContain("s3cret");
        assertThat(r.origins().queue("{default}", "relay.example").toString()).contains("file:" + file)
                .doesNotContain("s3cret");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(read(auth).problems().toString()).contains("chmod o-r").doesNotContain("s3cret");
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
    void whatIsMissingIsNamed() {
        assertThat(read("auth-password: 'env:CARAVAN_NO_SUCH'").problems().toString()).contains("CARAVAN_NO_SUCH");
        assertThat(read("auth-password: 'file:relative'").problems().toString()).contains("whole path");
        assertThat(settings("auth-username: me").login()).isNull();
    }
}
