/**
 * Where messages wait: the embedded Artemis broker behind {@link org.caravanmta.queue.MessageStore} and
 * {@link org.caravanmta.queue.EventLog}, on the broker's own interfaces instead of a client (ADR 0001).
 * <p>
 * Read {@link org.caravanmta.artemis.ArtemisMessageStore} first, then {@link org.caravanmta.artemis.EmbeddedBroker} for
 * the settings that keep the promise, and {@link org.caravanmta.artemis.SettlementWriter} for what happens between a
 * delivery attempt and the disk. This room knows nothing of Camel, SMTP or throttling: a queue is a name.
 */
package org.caravanmta.artemis;
