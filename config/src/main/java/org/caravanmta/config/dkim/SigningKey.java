package org.caravanmta.config.dkim;

import java.security.PrivateKey;
import java.security.PublicKey;

/**
 * A private key and where its public half is published: {@code selector._domainkey.domain}.
 *
 * @param selector   RFC 6376 §3.1
 * @param domain     in lower-case ASCII; {@link #ANY} signs for each domain in its own name
 * @param file       as written
 * @param privateKey RSA or Ed25519
 * @param publicKey  the other half
 */
public record SigningKey(String selector, String domain, String file, PrivateKey privateKey, PublicKey publicKey) {

    /** The key of every domain. */
    public static final String ANY = "*";

    /** Whether it may sign for an identity of that domain: it is the same or a parent. */
    public boolean signsFor(String identityDomain) {
        return domain.equals(ANY) || identityDomain.equals(domain)
                || identityDomain.length() > domain.length() && identityDomain.endsWith(domain)
                        && identityDomain.charAt(identityDomain.length() - domain.length() - 1) == '.';
    }

    /** Two of them are never the same: comparing private keys costs more than it tells. */
    @Override
    public boolean equals(Object o) {
        return this == o;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return selector + "," + domain + "," + file;
    }
}
