package org.caravanmta.smtp.server;

/**
 * What a connection is protected by.
 *
 * @param protocol {@code TLSv1.3}
 * @param cipher   by its name in the registry: {@code TLS_AES_256_GCM_SHA384}
 */
record TlsLayer(String protocol, String cipher) {
}
