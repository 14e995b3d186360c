/**
 * When, where to and on which connection a queued message leaves. Read
 * {@link org.caravanmta.delivery.VirtualMtaDelivery} (one per VirtualMTA: takes from its queue),
 * {@link org.caravanmta.delivery.DestinationState} (one per destination: waits, limits, next attempt) and
 * {@link org.caravanmta.delivery.DestinationConnections} (its connections). Everything of one VirtualMTA happens on one
 * event loop, so there are no locks. Must not know Camel or the broker, only
 * {@link org.caravanmta.queue.MessageStore}.
 */
package org.caravanmta.delivery;
