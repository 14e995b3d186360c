package org.caravanmta.config.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a server proves its name with: its certificate, then those that lead to an authority, and the key of the first
 * one. Immutable.
 */
public record Certificate(List<X509Certificate> chain, PrivateKey key) {

    /** The server's own. */
    public X509Certificate own() {
        return chain.getFirst();
    }

    public Instant validUntil() {
        return own().getNotAfter().toInstant();
    }

    /** Negative once it has expired. */
    public Duration validFor(Instant now) {
        return Duration.between(now, validUntil());
    }

    /** {@code RSA} or {@code ECDSA}, as in the names of ciphers. */
    public String algorithm() {
        return key instanceof ECKey ? "ECDSA" : "RSA";
    }

    /** Length of an RSA key; 0 for others. */
    public int rsaBits() {
        return key instanceof RSAKey rsa ? rsa.getModulus().bitLength() : 0;
    }

    /** {@code CN=gw.example.com, ECDSA, valid until 2027-02-01T10:00:00Z}. */
    @Override
    public String toString() {
        return own().getSubjectX500Principal().getName() + ", " + algorithm() + ", valid until " + validUntil();
    }
}
