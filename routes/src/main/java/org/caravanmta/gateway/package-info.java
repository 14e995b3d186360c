/**
 * Puts the rooms together. Read {@link org.caravanmta.gateway.Gateway}: what starts and stops in which order.
 */
package org.caravanmta.gateway;
