/**
 * From a message that was handed in to the messages that are queued. Read
 * {@link org.caravanmta.submission.DestinationSplitter}. Must not know how the message came in, Camel or the broker.
 */
package org.caravanmta.submission;
