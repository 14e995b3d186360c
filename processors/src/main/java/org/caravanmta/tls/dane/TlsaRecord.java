package org.caravanmta.tls.dane;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.caravanmta.tls.x509.Certificates;

/**
 * What a TLSA record says (RFC 6698 §2).
 *
 * @param usage    {@link #DANE_TA} or {@link #DANE_EE}; others mean nothing for SMTP (RFC 7672 §3.1.3)
 * @param selector 0 the whole certificate, 1 its public key
 * @param matching 0 as it is, 1 SHA-256, 2 SHA-512
 */
public record TlsaRecord(int usage, int selector, int matching, byte[] data) {

    static final int DANE_TA = 2;
    static final int DANE_EE = 3;
    private static final int CERTIFICATE = 0;
    private static final int PUBLIC_KEY = 1;
    private static final int EXACT = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;
    private static final int SHOWN_BYTES = 8;

    /** Whether we can tell by it if a certificate is meant. */
    boolean usable() {
        if (usage != DANE_TA && usage != DANE_EE || selector != CERTIFICATE && selector != PUBLIC_KEY)
            return false;
        return switch (matching) {
            case EXACT -> selector == CERTIFICATE ? Certificates.certificate(data) != null
                    : Certificates.publicKey(data) != null;
            case SHA_256 -> data.length == 32;
            case SHA_512 -> data.length == 64;
            default -> false;
        };
    }

    /** Usable records without the weaker digests where there is a stronger one beside them (RFC 7671 §9). */
    static List<TlsaRecord> usable(List<TlsaRecord> records) {
        List<TlsaRecord> usable = records.stream().filter(TlsaRecord::usable).toList();
        return usable.stream().filter(r -> r.matching != SHA_256 || usable.stream().noneMatch(
                o -> o.matching == SHA_512 && o.usage == r.usage && o.selector == r.selector)).toList();
    }

    boolean matches(X509Certificate certificate) {
        try {
            byte[] selected = selector == CERTIFICATE ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            return MessageDigest.isEqual(data, switch (matching) {
                case SHA_256 -> digest("SHA-256", selected);
                case SHA_512 -> digest("SHA-512", selected);
                default -> selected;
            });
        } catch (CertificateEncodingException _) {
            return false;
        }
    }

    /** Whether it holds the trust anchor itself, so that the peer need not send it. */
    boolean holdsCertificate() {
        return selector == CERTIFICATE && matching == EXACT;
    }

    boolean holdsKey() {
        return selector == PUBLIC_KEY && matching == EXACT;
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlsaRecord r && usage == r.usage && selector == r.selector && matching == r.matching
                && Arrays.equals(data, r.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data) + usage;
    }

    /** {@code 3 1 1 2bb183af…}. */
    @Override
    public String toString() {
        return usage + " " + selector + " " + matching + " "
                + HexFormat.of().formatHex(data, 0, Math.min(SHOWN_BYTES, data.length))
                + (data.length > SHOWN_BYTES ? "…" : "");
    }
}
