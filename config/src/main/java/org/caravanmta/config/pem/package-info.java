/**
 * Keys and certificates in files (RFC 7468), whatever they are for. Read {@link org.caravanmta.config.pem.PemBlock}. Must
 * not know who uses them.
 */
package org.caravanmta.config.pem;
