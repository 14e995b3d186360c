package org.caravanmta.routes;

import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.GeneratedReports;

/**
 * A decided attempt with its accounting event, encoded, and its reports.
 *
 * @param event null when there is nothing to account
 */
record AccountedAttempt(DecidedAttempt decided, byte[] event, GeneratedReports reports) {

    AccountedAttempt(DecidedAttempt decided, byte[] event) {
        this(decided, event, GeneratedReports.NONE);
    }

    AccountedAttempt with(GeneratedReports made) {
        return made == GeneratedReports.NONE ? this : new AccountedAttempt(decided, event, made);
    }
}
