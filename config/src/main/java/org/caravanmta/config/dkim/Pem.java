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
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Private keys as PEM text (RFC 7468): PKCS #8 of RSA and Ed25519, PKCS #1 of RSA. */
final class Pem {

    private static final Pattern BLOCK = Pattern
            .compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);
    /** {@code SEQUENCE { OID rsaEncryption, NULL }} of RFC 8017. */
    private static final byte[] RSA_ALGORITHM = { 0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86,
            (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
    private static final byte[] VERSION_0 = { 0x02, 0x01, 0x00 };

    private Pem() {
    }

    /** The first private key of the text, with its public half. */
    static KeyPair keyPair(String text) throws GeneralSecurityException {
        Matcher m = BLOCK.matcher(text);
        while (m.find())
            switch (m.group(1)) {
                case "PRIVATE KEY" -> {
                    return withPublic(pkcs8(decode(m.group(2))));
                }
                case "RSA PRIVATE KEY" -> {
                    if (m.group(2).contains("ENCRYPTED"))
                        throw new InvalidKeyException("it is encrypted");
                    return withPublic(rsa(pkcs8Of(decode(m.group(2)))));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new InvalidKeyException("it is encrypted");
                case "PUBLIC KEY", "RSA PUBLIC KEY" -> throw new InvalidKeyException("it is a public key");
                case "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw new InvalidKeyException("it is of another kind: " + m.group(1));
                default -> {
                }
            }
        throw new InvalidKeyException("there is no -----BEGIN PRIVATE KEY-----");
    }

    private static byte[] decode(String base64) throws InvalidKeyException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw new InvalidKeyException("its Base64 is broken");
        }
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

    /** Puts the frame of PKCS #8 around a PKCS #1 key. */
    private static byte[] pkcs8Of(byte[] pkcs1) {
        return der(0x30, VERSION_0, RSA_ALGORITHM, der(0x04, pkcs1));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        byte[] all = new byte[4 + length];
        all[0] = (byte) tag;
        all[1] = (byte) 0x82; // two bytes of length follow; readers take that for short ones as well
        all[2] = (byte) (length >> 8);
        all[3] = (byte) length;
        int at = 4;
        for (byte[] p : parts) {
            System.arraycopy(p, 0, all, at, p.length);
            at += p.length;
        }
        return all;
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
