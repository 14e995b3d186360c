/**
 * What an operator can say about signing (RFC 6376): keys and where they hold, what is signed and how. Read {@link
 * org.caravanmta.config.dkim.DkimSettings} and {@link org.caravanmta.config.dkim.SigningKeys}. Must not know messages.
 */
package org.caravanmta.config.dkim;
