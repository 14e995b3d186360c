/**
 * DKIM signatures (RFC 6376, 8301, 8463). Read {@link org.caravanmta.dkim.DkimSigner}, then {@link
 * org.caravanmta.dkim.SigningInput}, what is signed, and {@link org.caravanmta.dkim.CryptoProvider}, who computes. Must
 * not know how a message came in, queues or Camel.
 */
package org.caravanmta.dkim;
