/**
 * MTA-STS (RFC 8461): what a domain demands of whoever brings it mail, by a policy that it publishes over HTTPS.
 * <p>
 * Read {@link org.caravanmta.tls.sts.StsPolicies} (what is known of a domain, and when it is asked again), then
 * {@link org.caravanmta.tls.sts.StsPolicy} (the policy and its text) and {@link org.caravanmta.tls.sts.HttpsGet} (how
 * it is fetched). This room knows neither queues nor SMTP: what a policy means for a host is asked by whoever connects.
 */
package org.caravanmta.tls.sts;
