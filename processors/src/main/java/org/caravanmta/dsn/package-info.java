/**
 * Delivery status notifications (RFC 3461, 3464, 6522, 6533) about what an attempt came to. Read {@link
 * org.caravanmta.dsn.Reports} first, then {@link org.caravanmta.dsn.Report}. Must not know how reports are stored.
 */
package org.caravanmta.dsn;
