/**
 * Whom an operator trusts to say what others demand of us: trust anchors of DNSSEC for DANE, authorities for MTA-STS.
 * Read {@link org.caravanmta.config.trust.PolicyTrust}. Must not know DNS or HTTPS.
 */
package org.caravanmta.config.trust;
