package org.caravanmta.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Compares the certificate that a host shows with what is demanded of it. Any thread; must not wait. */
@FunctionalInterface
public interface PeerCheck {

    /**
     * What is wrong, in words; null when nothing is.
     *
     * @param chain the host's own certificate first; empty when it shows none
     */
    String mismatch(List<X509Certificate> chain, Instant now);
}
