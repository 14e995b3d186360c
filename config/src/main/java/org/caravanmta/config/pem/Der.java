package org.caravanmta.config.pem;

import java.util.Arrays;

/** Frames that older forms of private keys lack (X.690 §8). */
public final class Der {

    public static final int SEQUENCE = 0x30;
    public static final int OCTET_STRING = 0x04;
    /** {@code INTEGER 0}. */
    public static final byte[] VERSION_0 = { 0x02, 0x01, 0x00 };
    /** {@code SEQUENCE { OID rsaEncryption, NULL }} of RFC 8017. */
    private static final byte[] RSA_ALGORITHM = { 0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86,
            (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };

    private Der() {
    }

    /** An RSA key in the form of PKCS #1, with the frame of PKCS #8 around it. */
    public static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, RSA_ALGORITHM, element(OCTET_STRING, pkcs1));
    }

    /** At most 65,535 bytes. */
    public static byte[] element(int tag, byte[]... parts) {
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
}
