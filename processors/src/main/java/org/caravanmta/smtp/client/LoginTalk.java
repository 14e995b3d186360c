package org.caravanmta.smtp.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.caravanmta.config.Login;

/**
 * What the client says to log in: PLAIN (RFC 4616), LOGIN as it is commonly spoken, CRAM-MD5 (RFC 2195). The first two
 * say the password itself, so they are for TLS only, unless the operator wants otherwise.
 */
final class LoginTalk {

    private enum Mechanism {
        PLAIN, LOGIN, CRAM_MD5
    }

    private final Mechanism mechanism;
    private final Login login;
    private int answers;

    private LoginTalk(Mechanism mechanism, Login login) {
        this.mechanism = mechanism;
        this.login = login;
    }

    /** @return null when the host offers none that may be used */
    static LoginTalk with(Login login, Set<String> offered, boolean encrypted) {
        boolean clear = encrypted || login.unencryptedPlain();
        if (!encrypted && offered.contains("CRAM-MD5"))
            return new LoginTalk(Mechanism.CRAM_MD5, login);
        if (clear && offered.contains("PLAIN"))
            return new LoginTalk(Mechanism.PLAIN, login);
        if (clear && offered.contains("LOGIN"))
            return new LoginTalk(Mechanism.LOGIN, login);
        return offered.contains("CRAM-MD5") ? new LoginTalk(Mechanism.CRAM_MD5, login) : null;
    }

    /** The first command. */
    String begin() {
        return switch (mechanism) {
            case PLAIN -> "AUTH PLAIN " + base64("\0" + login.username() + "\0" + login.password().reveal());
            case LOGIN -> "AUTH LOGIN";
            case CRAM_MD5 -> "AUTH CRAM-MD5";
        };
    }

    /** What to say to a 334; null when it is one too many, or not understood. */
    String answer(String challenge) {
        answers++;
        return switch (mechanism) {
            case PLAIN -> null;
            case LOGIN -> answers == 1 ? base64(login.username())
                    : answers == 2 ? base64(login.password().reveal()) : null;
            case CRAM_MD5 -> answers == 1 ? cramMd5(challenge) : null;
        };
    }

    private String cramMd5(String challenge) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(login.password().reveal().getBytes(StandardCharsets.UTF_8), "HmacMD5"));
            byte[] digest = mac.doFinal(Base64.getDecoder().decode(challenge.strip()));
            return base64(login.username() + " " + HexFormat.of().formatHex(digest));
        } catch (IllegalArgumentException _) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
