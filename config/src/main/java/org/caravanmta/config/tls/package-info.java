/**
 * What an operator can say about TLS of the SMTP server: certificate, key, versions and ciphers, read and checked with
 * the configuration. Read {@link org.caravanmta.config.tls.ServerTls} and {@link
 * org.caravanmta.config.tls.CertificateFiles}. Must not know sockets.
 */
package org.caravanmta.config.tls;
