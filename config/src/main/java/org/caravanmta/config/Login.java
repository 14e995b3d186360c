package org.caravanmta.config;

import org.caravanmta.config.value.Secret;

/**
 * How we log in to a relay (RFC 4954).
 *
 * @param unencryptedPlain the password may be said in clear where there is no TLS
 */
public record Login(String username, Secret password, boolean unencryptedPlain) {
}
