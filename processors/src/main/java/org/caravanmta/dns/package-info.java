/**
 * Where mail for a domain goes: MX, address and literal lookups over dnsjava, asynchronous and cached.
 * <p>
 * Read {@link org.caravanmta.dns.MxResolver} (the contract), then {@link org.caravanmta.dns.DnsMxResolver} (what the
 * answers mean for mail) and {@link org.caravanmta.dns.NameServers} (how a question is asked). A failure is reported
 * as a fact with its cause; whether mail bounces for it is decided in {@code org.caravanmta.bounce}. This room knows
 * neither messages nor connections.
 */
package org.caravanmta.dns;
