package org.caravanmta.dkim;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who computes signatures. Amazon's Corretto provider does RSA four times and Ed25519 sixty times as fast as the JDK's
 * own (docs/design/performance.md); it has a native library, so it is taken where it is present and works, for this
 * purpose only. Immutable.
 */
public final class CryptoProvider {

    private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private final Provider provider;

    private CryptoProvider(Provider provider) {
        this.provider = provider;
    }

    /** What every JDK has. */
    public static CryptoProvider jdk() {
        return new CryptoProvider(null);
    }

    /** The fastest one that is present and works; the same one for ever. */
    public static CryptoProvider fastest() {
        return Fastest.PROVIDER;
    }

    /** Looked for when first asked: loading a native library takes a moment. */
    private static final class Fastest {
        static final CryptoProvider PROVIDER = find();
    }

    private static CryptoProvider find() {
        try {
            Class<?> c = Class.forName(CORRETTO);
            Provider corretto = (Provider) c.getField("INSTANCE").get(null);
            c.getMethod("assertHealthy").invoke(corretto);
            return new CryptoProvider(corretto);
        } catch (ClassNotFoundException _) {
            return jdk();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable why = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            LOG.warn("the Corretto crypto provider does not work here, signing with the JDK's own: {}", why.toString());
            return jdk();
        }
    }

    /** Whether a signature costs less than to hand the message to another thread and back: some 30 µs. */
    boolean quick(Algorithm algorithm) {
        return provider != null && algorithm == Algorithm.ED25519_SHA256;
    }

    Signer signer(PrivateKey key) throws GeneralSecurityException {
        return key.getAlgorithm().equals(Algorithm.RSA_SHA256.keyAlgorithm()) ? rsa(own(key, "RSA"))
                : ed25519(own(key, "Ed25519"));
    }

    /** Its own form of a key spares a provider a conversion for each signature. */
    private PrivateKey own(PrivateKey key, String algorithm) throws GeneralSecurityException {
        if (provider == null)
            return key;
        try {
            return KeyFactory.getInstance(algorithm, provider)
                    .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
        } catch (NoSuchAlgorithmException _) {
            return key;
        }
    }

    private Signer rsa(PrivateKey key) {
        return (header, length) -> sign("SHA256withRSA", key, header, length);
    }

    /** The hash is what is signed (RFC 8463 §3). */
    private Signer ed25519(PrivateKey key) {
        return (header, length) -> {
            MessageDigest digest = Digests.sha256();
            digest.update(header, 0, length);
            byte[] hash = digest.digest();
            return sign("Ed25519", key, hash, hash.length);
        };
    }

    private byte[] sign(String algorithm, PrivateKey key, byte[] data, int length) throws GeneralSecurityException {
        Signature s = provider == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
        s.initSign(key);
        s.update(data, 0, length);
        return s.sign();
    }

    /** Name and version. */
    @Override
    public String toString() {
        return provider == null ? "the JDK's own" : provider.getName() + " " + provider.getVersionStr();
    }
}
