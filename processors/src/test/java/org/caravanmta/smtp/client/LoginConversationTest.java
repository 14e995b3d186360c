package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import org.caravanmta.bounce.FailurePolicy;
import org.caravanmta.bounce.FailurePolicy.ConnectVerdict;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.Login;
import org.caravanmta.config.Rate;
import org.caravanmta.config.value.Secret;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.Client.Transport;
import org.junit.jupiter.api.Test;

class LoginConversationTest {

    private static final String NAME = "tim";
    private static final String PASSWORD = "tanstaaftanstaaf";

    private static Login login(boolean unencryptedPlain) throws Exception {
        return new Login(NAME, new Secret.Form().parse(PASSWORD), unencryptedPlain);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Client client(boolean unencryptedPlain) throws Exception {
        return new Client(Transport.EPOLL).login(login(unencryptedPlain));
    }

    /** The example of RFC 2195 §2. */
    @Test
    void cramMd5IsSaidWithoutTls() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("AUTH PLAIN LOGIN CRAM-MD5");
            t.expect("AUTH CRAM-MD5");
            t.say("334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+");
            t.expect("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
            t.say("235 2.7.0 ok");
            t.quit();
        }); var client = client(false).connect(peer).ready()) {
            client.quit();
            client.awaitClosed();
        }
    }

    @Test
    void thePasswordIsNotSaidInClear() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("AUTH PLAIN LOGIN");
            t.expectClose();
        }); var client = client(false).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.cause()).isEqualTo(Cause.LOGIN_IMPOSSIBLE);
            assertThat(f.text()).contains("use-unencrypted-plain-auth").doesNotContain(PASSWORD);
        }
    }

    @Test
    void unlessTheOperatorWantsIt() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("AUTH=PLAIN");
            t.expect("AUTH PLAIN " + base64("\0" + NAME + "\0" + PASSWORD));
            t.say("235 2.7.0 ok");
        }); var client = client(true).connect(peer).ready()) {
            assertThat(client.connection().peer().extensions()).isEqualTo("AUTH");
        }
        try (var peer = new ScriptedPeer(t -> {
            t.hello("AUTH LOGIN");
            t.expect("AUTH LOGIN");
            t.say("334 VXNlcm5hbWU6");
            t.expect(base64(NAME));
            t.say("334 UGFzc3dvcmQ6");
            t.expect(base64(PASSWORD));
            t.say("235 2.7.0 ok");
        }); var client = client(true).connect(peer).ready()) {
            assertThat(client.connection().peer().extensions()).isEqualTo("AUTH");
        }
    }

    @Test
    void aWrongPasswordIsNoReasonToBounce() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("AUTH PLAIN");
            t.line();
            t.say("535 5.7.8 authentication credentials invalid");
            t.quit();
        }); var client = client(true).connect(peer)) {
            Failure f = client.failed();
            assertThat(f.stage()).isEqualTo(Stage.AUTH);
            assertThat(FailurePolicy.connection(f, false, settings(true))).isEqualTo(ConnectVerdict.DEFER);
        }
    }

    private static DomainSettings settings(boolean bounceUpon5xxGreeting) {
        return new DomainSettings(List.of(), 20,
                Rate.UNLIMITED, 0, 100, List.of(Duration.ofMinutes(10)), Duration.ofMinutes(1),
                Duration.ofDays(4), 25, 10, true, bounceUpon5xxGreeting, false, false, false, false,
                Client.PATIENT, DomainSettings.Limits.NONE);
    }

    @Test
    void aChallengeThatIsNoneEndsIt() throws Exception {
        try (var peer = new ScriptedPeer(t -> {
            t.hello("AUTH CRAM-MD5");
            t.expect("AUTH CRAM-MD5");
            t.say("334 ***");
            t.expectClose();
        }); var client = client(false).connect(peer)) {
            assertThat(client.failed().cause()).isEqualTo(Cause.PROTOCOL);
        }
    }
}
