package org.caravanmta.delivery;

import java.util.List;

import org.caravanmta.message.QueuedMessage;

/**
 * Reports that an attempt gave rise to; they are queued in the transaction that settles it.
 *
 * @param messages    each for one address
 * @param delayedAtMs epoch milliseconds, when one of them tells of a delay; else 0
 */
public record GeneratedReports(List<QueuedMessage> messages, long delayedAtMs) {

    public static final GeneratedReports NONE = new GeneratedReports(List.of(), 0);
}
