/**
 * What others demand of connections to their mail hosts, DANE and MTA-STS together.
 * <p>
 * Read {@link org.caravanmta.tls.policy.PeerPolicies}. Whether an operator wants to heed them, and how a connection
 * does, is none of this room's business.
 */
package org.caravanmta.tls.policy;
