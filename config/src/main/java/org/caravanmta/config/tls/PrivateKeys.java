package org.caravanmta.config.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

import org.caravanmta.config.pem.Der;
import org.caravanmta.config.pem.PemBlock;

/** Private keys of servers: RSA and ECDSA, as PKCS #8, PKCS #1 (RFC 8017) or SEC 1 (RFC 5915). */
final class PrivateKeys {

    /** {@code OID ecPublicKey} of RFC 5480. */
    private static final byte[] EC = { 0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01 };
    private static final byte[] PROOF = new byte[32];

    private PrivateKeys() {
    }

    static PrivateKey of(PemBlock block) throws GeneralSecurityException {
        if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.text().contains("ENCRYPTED"))
            throw new InvalidKeyException("it is encrypted");
        byte[] der = block.decode();
        if (der == null)
            throw new InvalidKeyException("its Base64 is broken");
        return switch (block.label()) {
            case "PRIVATE KEY" -> pkcs8(der);
            case "RSA PRIVATE KEY" -> key("RSA", Der.pkcs8OfRsa(der));
            case "EC PRIVATE KEY" -> key("EC", pkcs8OfEc(der));
            default -> throw new InvalidKeyException("it is of another kind: " + block.label());
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

    private static byte[] pkcs8OfEc(byte[] sec1) throws InvalidKeyException {
        return Der.element(Der.SEQUENCE, Der.VERSION_0, Der.element(Der.SEQUENCE, EC, curve(sec1)),
                Der.element(Der.OCTET_STRING, sec1));
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
