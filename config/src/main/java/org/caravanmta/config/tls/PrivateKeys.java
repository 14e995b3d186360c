package org.caravanmta.config.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Private keys of servers: RSA and ECDSA, as PKCS #8, PKCS #1 (RFC 8017) or SEC 1 (RFC 5915). */
final class PrivateKeys {

    private static final byte[] VERSION_0 = { 0x02, 0x01, 0x00 };
    /** {@code SEQUENCE { OID rsaEncryption, NULL }} of RFC 8017. */
    private static final byte[] RSA = { 0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d,
            0x01, 0x01, 0x01, 0x05, 0x00 };
    /** {@code OID ecPublicKey} of RFC 5480. */
    private static final byte[] EC = { 0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01 };
    private static final byte[] PROOF = new byte[32];

    private PrivateKeys() {
    }

    static PrivateKey of(PemFile.Part part) throws GeneralSecurityException {
        if (part.label().equals("ENCRYPTED PRIVATE KEY") || part.text().contains("ENCRYPTED"))
            throw new InvalidKeyException("it is encrypted");
        byte[] der = PemFile.decode(part);
        if (der == null)
            throw new InvalidKeyException("its Base64 is broken");
        return switch (part.label()) {
            case "PRIVATE KEY" -> pkcs8(der);
            case "RSA PRIVATE KEY" -> key("RSA", der(0x30, VERSION_0, RSA, der(0x04, der)));
            case "EC PRIVATE KEY" -> key("EC", der(0x30, VERSION_0, der(0x30, EC, curve(der)), der(0x04, der)));
            default -> throw new InvalidKeyException("it is of another kind: " + part.label());
        };
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        try {
            return key("RSA", der);
        } catch (GeneralSecurityException _) {
            return key("EC", der);
        }
    }

    private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException _) {
            throw new InvalidKeyException("it is neither an RSA nor an ECDSA key, or it is broken");
        }
    }

    /** The name of the curve, which SEC 1 keeps behind version and key: {@code [0] { OID }}. */
    private static byte[] curve(byte[] sec1) throws InvalidKeyException {
        try {
            int at = content(sec1, 0);
            at = content(sec1, at) + length(sec1, at);
            at = content(sec1, at) + length(sec1, at);
            if ((sec1[at] & 0xff) != 0xa0)
                throw new InvalidKeyException("it does not name its curve");
            return Arrays.copyOfRange(sec1, content(sec1, at), content(sec1, at) + length(sec1, at));
        } catch (IndexOutOfBoundsException | IllegalArgumentException _) {
            throw new InvalidKeyException("it is broken");
        }
    }

    /** Where the content of the element at {@code at} begins. */
    private static int content(byte[] der, int at) {
        return at + ((der[at + 1] & 0x80) == 0 ? 2 : 2 + (der[at + 1] & 0x7f));
    }

    private static int length(byte[] der, int at) {
        if ((der[at + 1] & 0x80) == 0)
            return der[at + 1];
        int length = 0;
        for (int i = at + 2; i < content(der, at); i++)
            length = length << 8 | der[i] & 0xff;
        return length;
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

    /** Whether the public half is that of the key. */
    static boolean belongTogether(PrivateKey key, PublicKey half) {
        if (!key.getAlgorithm().equals(half.getAlgorithm()))
            return false;
        try {
            Signature s = Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            s.initSign(key);
            s.update(PROOF);
            byte[] signed = s.sign();
            s.initVerify(half);
            s.update(PROOF);
            return s.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
