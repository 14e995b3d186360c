package org.caravanmta.delivery;

import org.caravanmta.smtp.client.TransactionResult;

/**
 * What an attempt met, before anyone decided what it means.
 *
 * @param transaction null when there was no connection
 */
public record AttemptResult(DeliveryAttempt attempt, TransactionResult transaction) {
}
