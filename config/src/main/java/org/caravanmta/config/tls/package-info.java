/**
 * What an operator can say about TLS: certificate, key, versions and ciphers of the SMTP server, read and checked with the
 * configuration; versions and ciphers of deliveries, and whether there must be any. Read {@link
 * org.caravanmta.config.tls.ServerTls}, {@link org.caravanmta.config.tls.ClientTls} and {@link
 * org.caravanmta.config.tls.CertificateFiles}. Must not know sockets.
 */
package org.caravanmta.config.tls;
