/** TLS in both directions: who computes it, and what is demanded of a peer. Knows nothing of SMTP. */
package org.caravanmta.tls;
