package org.caravanmta.config.trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whom to trust when policies of others are looked up.
 *
 * @param dnssecTrustAnchors DS and DNSKEY records in the words of a zone file; null means the shipped ones
 * @param mtaStsAuthorities  who may certify the hosts that show MTA-STS policies; empty means whom the JDK trusts
 */
public record PolicyTrust(String dnssecTrustAnchors, List<X509Certificate> mtaStsAuthorities) {

    /** What holds when nothing is said. */
    public static final PolicyTrust DEFAULT = new PolicyTrust(null, List.of());
    private static final String SHIPPED = "dnssec-trust-anchors";

    /** The operator's anchors, or the shipped ones: the keys of the root zone. */
    public String trustAnchors() {
        if (dnssecTrustAnchors != null)
            return dnssecTrustAnchors;
        try (InputStream in = PolicyTrust.class.getClassLoader().getResourceAsStream(SHIPPED)) {
            if (in == null)
                throw new IOException("the file conf/" + SHIPPED + " is missing; put it back");
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
