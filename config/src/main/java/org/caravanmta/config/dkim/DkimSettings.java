package org.caravanmta.config.dkim;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How the mail of one queue is signed.
 *
 * @param sign   when there is a signature at all
 * @param first  the signature that {@code dkim-…} describes
 * @param second the one that {@code second-dkim-…} describes; null when there is only one
 */
public record DkimSettings(Sign sign, Signature first, Signature second) {

    /** Mail goes as it is. */
    public static final DkimSettings OFF = new DkimSettings(Sign.NO, null, null);

    /** When a message is signed. Where it has to be and cannot be, it does not go. */
    public enum Sign {
        NO, YES, IF_X_DKIM_OPTIONS_PRESENT, IF_KEY_PRESENT;

        /** As written. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** RFC 6376 §3.3, RFC 8463 §3; SHA-1 is gone by RFC 8301. */
    public enum Algorithm {
        RSA_SHA256("rsa-sha256", "RSA"), ED25519_SHA256("ed25519-sha256", "EdDSA");

        private final String tag;
        private final String keyAlgorithm;

        Algorithm(String tag, String keyAlgorithm) {
            this.tag = tag;
            this.keyAlgorithm = keyAlgorithm;
        }

        /** As {@link java.security.Key#getAlgorithm()} says it. */
        public String keyAlgorithm() {
            return keyAlgorithm;
        }

        /** The value of {@code a=}. */
        @Override
        public String toString() {
            return tag;
        }
    }

    /** RFC 6376 §3.4. */
    public enum Canonicalization {
        SIMPLE, RELAXED;

        @Override
        public String toString() {
            return this == SIMPLE ? "simple" : "relaxed";
        }
    }

    /**
     * One signature.
     *
     * @param identity    whose key is taken
     * @param fallback    the identity where the first one has no key; null when there is none
     * @param headers     fields to be signed; empty means {@link SignedHeaders#USUAL}
     * @param noMore      names of fields of which none may be added behind us (RFC 6376 §8.15)
     * @param expireAfter zero: never
     */
    public record Signature(SigningIdentity identity, SigningIdentity fallback, SignedHeaders headers,
            List<String> noMore, Algorithm algorithm, Canonicalization headersCanon, Canonicalization bodyCanon,
            boolean timestamp, Duration expireAfter) {
    }

    /** One or two. */
    public Stream<Signature> signatures() {
        return second == null ? Stream.of(first) : Stream.of(first, second);
    }
}
