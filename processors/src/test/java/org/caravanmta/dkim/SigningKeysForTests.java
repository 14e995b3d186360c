package org.caravanmta.dkim;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SignedHeaders;
import org.caravanmta.config.dkim.SigningIdentity;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeys;

/** Keys made for these tests, and settings around them. */
final class SigningKeysForTests {

    static final KeyPair RSA = pair("RSA", 1024);
    static final KeyPair ED25519 = pair("Ed25519", 0);

    private SigningKeysForTests() {
    }

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0)
                g.initialize(bits);
            return g.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static SigningKey key(String selector, String domain, KeyPair pair) {
        return new SigningKey(selector, domain, selector + ".pem", pair.getPrivate(), pair.getPublic());
    }

    static SigningKeys keys(SigningKey... global) {
        return new SigningKeys(List.of(global), Map.of(), Map.of());
    }

    static SigningIdentity from() {
        return new SigningIdentity(SigningIdentity.Kind.FROM, "", null);
    }

    static Signature signature(SigningIdentity identity, SigningIdentity fallback, Algorithm algorithm) {
        return new Signature(identity, fallback, SignedHeaders.USUAL, List.of("from", "to", "subject", "date"),
                algorithm, Canonicalization.RELAXED, Canonicalization.RELAXED, true, Duration.ZERO);
    }

    static DkimSettings settings(Signature signature) {
        return new DkimSettings(Sign.YES, signature, null);
    }
}
