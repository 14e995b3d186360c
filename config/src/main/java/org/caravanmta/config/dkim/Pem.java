package org.caravanmta.config.dkim;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;

import org.caravanmta.config.pem.Der;
import org.caravanmta.config.pem.PemBlock;

/** Private keys as PEM text (RFC 7468): PKCS #8 of RSA and Ed25519, PKCS #1 of RSA. */
final class Pem {

    private Pem() {
    }

    /** The first private key of the text, with its public half. */
    static KeyPair keyPair(String text) throws GeneralSecurityException {
        for (PemBlock block : PemBlock.in(text))
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return withPublic(pkcs8(decode(block)));
                }
                case "RSA PRIVATE KEY" -> {
                    if (block.text().contains("ENCRYPTED"))
                        throw new InvalidKeyException("it is encrypted");
                    return withPublic(rsa(Der.pkcs8OfRsa(decode(block))));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new InvalidKeyException("it is encrypted");
                case "PUBLIC KEY", "RSA PUBLIC KEY" -> throw new InvalidKeyException("it is a public key");
                case "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw new InvalidKeyException("it is of another kind: " + block.label());
                default -> {
                }
            }
        throw new InvalidKeyException("there is no -----BEGIN PRIVATE KEY-----");
    }

    private static byte[] decode(PemBlock block) throws InvalidKeyException {
        byte[] der = block.decode();
        if (der == null)
            throw new InvalidKeyException("its Base64 is broken");
        return der;
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException _) {
            return rsa(der);
        }
    }

    private static PrivateKey rsa(byte[] der) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException _) {
            throw new InvalidKeyException("it is neither an RSA nor an Ed25519 key, or it is broken");
        }
    }

    private static KeyPair withPublic(PrivateKey key) throws GeneralSecurityException {
        KeyPair pair = new KeyPair(switch (key) {
            case RSAPrivateCrtKey rsa -> KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            case EdECPrivateKey ed -> publicOf(ed);
            default -> throw new InvalidKeyException("it has no public exponent");
        }, key);
        check(pair);
        return pair;
    }

    /** The JDK computes it only while it makes a pair: here from the bytes that are the key, instead of random ones. */
    private static PublicKey publicOf(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] seed = key.getBytes().orElseThrow(() -> new InvalidKeyException("its bytes are hidden"));
        KeyPairGenerator g = KeyPairGenerator.getInstance("Ed25519", "SunEC");
        g.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return g.generateKeyPair().getPublic();
    }

    private static void check(KeyPair pair) throws GeneralSecurityException {
        String algorithm = pair.getPrivate() instanceof RSAPrivateCrtKey ? "SHA256withRSA" : "Ed25519";
        Signature s = Signature.getInstance(algorithm);
        s.initSign(pair.getPrivate());
        byte[] signed = s.sign();
        s.initVerify(pair.getPublic());
        if (!s.verify(signed))
            throw new InvalidKeyException("its halves do not belong together");
    }
}
