/**
 * Whether what is published in the DNS fits the VirtualMTAs: source addresses, PTR, SPF (RFC 7208), DKIM (RFC 6376) and
 * DMARC (RFC 7489), and what to publish where it does not. Read {@link org.caravanmta.dnscheck.DnsCheck}, then {@link
 * org.caravanmta.dnscheck.DnsReport}. Must not know queues, connections or Camel.
 */
package org.caravanmta.dnscheck;
