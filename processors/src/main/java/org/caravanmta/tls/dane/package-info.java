/**
 * DANE for SMTP (RFC 7672, 7671, 6698): what the DNS proves about the certificate of a mail host.
 * <p>
 * Read {@link org.caravanmta.tls.dane.DaneLookup} (whether DANE holds at a host, and with which records), then
 * {@link org.caravanmta.tls.dane.SecureDns} (answers and what DNSSEC says of them) and
 * {@link org.caravanmta.tls.dane.DaneVerifier} (whether a certificate is the one meant). This room knows neither queues
 * nor SMTP.
 */
package org.caravanmta.tls.dane;
