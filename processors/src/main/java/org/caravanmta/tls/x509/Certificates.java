package org.caravanmta.tls.x509;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What certificates say. Pure functions. */
public final class Certificates {

    private static final int DNS_NAME = 2;
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USE = "2.5.29.37.0";

    private Certificates() {
    }

    /** Null when the bytes are none. */
    public static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException _) {
            return null;
        }
    }

    /** Null when the bytes are none that is known here. */
    public static PublicKey publicKey(byte[] der) {
        for (String algorithm : KEY_ALGORITHMS)
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException _) {
                // the next one
            }
        return null;
    }

    /**
     * Whether the certificate is for one of the names: by its DNS names, where a {@code *} as the whole first label
     * stands for one label (RFC 6125 §6.4).
     */
    public static boolean isFor(X509Certificate certificate, Set<String> names) {
        return dnsNames(certificate).stream().anyMatch(p -> names.stream().anyMatch(n -> covers(p, n)));
    }

    private static List<String> dnsNames(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null ? List.of() : all.stream().filter(n -> n.getFirst().equals(DNS_NAME))
                    .map(n -> n.get(1).toString().toLowerCase(Locale.ROOT)).toList();
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }

    /** @param pattern in lower case */
    static boolean covers(String pattern, String name) {
        String n = name.toLowerCase(Locale.ROOT);
        if (!pattern.startsWith("*."))
            return pattern.equals(n);
        int dot = n.indexOf('.');
        return dot > 0 && pattern.indexOf('.', 2) > 0 && n.substring(dot + 1).equals(pattern.substring(2));
    }

    /** Whether a server may use it. */
    public static boolean isForServers(X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses == null || uses.contains(SERVER_AUTH) || uses.contains(ANY_USE);
        } catch (CertificateParsingException _) {
            return false;
        }
    }
}
