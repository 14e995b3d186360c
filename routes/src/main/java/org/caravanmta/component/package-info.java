/**
 * The Camel component {@code caravan:}. Read {@link org.caravanmta.component.DeliverConsumer}: it turns each delivery
 * attempt into an Exchange.
 */
package org.caravanmta.component;
