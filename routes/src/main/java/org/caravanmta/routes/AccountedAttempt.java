package org.caravanmta.routes;

import org.caravanmta.delivery.DecidedAttempt;

/** A decided attempt with its accounting event, encoded; null when there is nothing to account. */
record AccountedAttempt(DecidedAttempt decided, byte[] event) {
}
