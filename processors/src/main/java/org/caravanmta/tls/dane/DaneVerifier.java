package org.caravanmta.tls.dane;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.caravanmta.tls.x509.Certificates;

/**
 * Whether the certificate of a host is one that its TLSA records mean. Immutable; any thread.
 * <p>
 * DANE-EE: the host's own certificate or key is the one in a record; names and dates do not matter (RFC 7671 §5.1).
 * DANE-TA: it was issued, over any number of others that the host sends, by the one in a record, is in its time, is a
 * server's and for one of the names (RFC 7672 §3.2.2). The names are DNS names of the certificate, never its common
 * name.
 */
public final class DaneVerifier {

    private static final int LONGEST_CHAIN = 10;

    private final List<TlsaRecord> records;
    private final Set<String> names;

    /** @param records usable ones; when there are none, every certificate is good, as long as there is TLS */
    public DaneVerifier(List<TlsaRecord> records, Set<String> names) {
        this.records = List.copyOf(records);
        this.names = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether there are records to compare a certificate with (RFC 7672 §2.2: else TLS alone is demanded). */
    public boolean authenticates() {
        return !records.isEmpty();
    }

    /**
     * What is wrong with a host's certificates, in words; null when nothing is.
     *
     * @param chain the host's own first, the others in any order
     */
    public String mismatch(List<X509Certificate> chain, Instant now) {
        if (records.isEmpty())
            return null;
        if (chain.isEmpty())
            return "the host shows no certificate";
        X509Certificate host = chain.getFirst();
        if (records.stream().anyMatch(r -> r.usage() == TlsaRecord.DANE_EE && r.matches(host)))
            return null;
        List<TlsaRecord> anchors = records.stream().filter(r -> r.usage() == TlsaRecord.DANE_TA).toList();
        String told = "the certificate of the host matches no TLSA record (" + shown() + ")";
        if (anchors.isEmpty())
            return told;
        Set<TrustAnchor> trusted = trusted(anchors, chain);
        if (trusted.isEmpty())
            return told;
        if (!Certificates.isFor(host, names))
            return "the certificate is not for " + names.stream().sorted().collect(Collectors.joining(" or "));
        if (!Certificates.isForServers(host))
            return "the certificate is not for servers";
        return path(host, chain, trusted, now);
    }

    private String shown() {
        return records.stream().limit(3).map(TlsaRecord::toString).collect(Collectors.joining(", "))
                + (records.size() > 3 ? ", …" : "");
    }

    /** The certificates that the host sends and records mean, and those that stand in records as a whole. */
    private static Set<TrustAnchor> trusted(List<TlsaRecord> anchors, List<X509Certificate> chain) {
        Set<TrustAnchor> trusted = new HashSet<>();
        List<X509Certificate> sent = chain.subList(0, Math.min(LONGEST_CHAIN, chain.size()));
        for (TlsaRecord r : anchors) {
            sent.stream().skip(1).filter(r::matches).forEach(c -> trusted.add(new TrustAnchor(c, null)));
            if (r.holdsCertificate())
                trusted.add(new TrustAnchor(Certificates.certificate(r.data()), null));
            if (r.holdsKey()) {
                PublicKey key = Certificates.publicKey(r.data());
                sent.forEach(c -> trusted.add(new TrustAnchor(c.getIssuerX500Principal(), key, null)));
            }
        }
        return trusted;
    }

    private static String path(X509Certificate host, List<X509Certificate> chain, Set<TrustAnchor> trusted,
            Instant now) {
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(host);
            PKIXBuilderParameters p = new PKIXBuilderParameters(trusted, target);
            p.setRevocationEnabled(false);
            p.setDate(Date.from(now));
            p.setMaxPathLength(LONGEST_CHAIN);
            p.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(
                    chain.subList(0, Math.min(LONGEST_CHAIN, chain.size())))));
            CertPathBuilder.getInstance("PKIX").build(p);
            return null;
        } catch (GeneralSecurityException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return "the certificate does not lead to what the TLSA records trust: " + cause.getMessage();
        }
    }
}
