package org.caravanmta.tls.x509;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whether a host's certificate comes from an authority that is trusted, and is for that host. Any thread. */
public final class PublicAuthorities {

    private final X509TrustManager trust;

    /**
     * @param authorities whom to trust; empty means whom the JDK trusts
     * @throws IOException these cannot be used
     */
    public PublicAuthorities(Collection<X509Certificate> authorities) throws IOException {
        try {
            KeyStore store = null;
            if (!authorities.isEmpty()) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                int n = 0;
                for (X509Certificate c : authorities)
                    store.setCertificateEntry("authority" + n++, c);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            this.trust = manager(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("no authorities to check certificates with: " + e.getMessage(), e);
        }
    }

    private static X509TrustManager manager(TrustManager[] all) throws IOException {
        for (TrustManager m : all)
            if (m instanceof X509TrustManager x)
                return x;
        throw new IOException("the JDK checks no certificates");
    }

    /**
     * What is wrong with a host's certificates, in words; null when nothing is (RFC 8461 §4.2: by DNS names, not by the
     * common name).
     *
     * @param chain the host's own first
     */
    public String mismatch(List<X509Certificate> chain, String host) {
        if (chain.isEmpty())
            return "the host shows no certificate";
        X509Certificate own = chain.getFirst();
        try {
            trust.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
        } catch (CertificateException e) {
            Throwable root = e;
            while (root.getCause() != null)
                root = root.getCause();
            return "the certificate is not trusted: " + root.getMessage();
        }
        return Certificates.isFor(own, Set.of(host)) ? null : "the certificate is not for " + host;
    }
}
