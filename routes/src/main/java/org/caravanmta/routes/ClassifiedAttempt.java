package org.caravanmta.routes;

import java.util.List;

import org.caravanmta.delivery.DecidedAttempt;

/** A decided attempt with the bounce category of each outcome, in order; null for a delivery. */
record ClassifiedAttempt(DecidedAttempt decided, List<String> categories) {
}
