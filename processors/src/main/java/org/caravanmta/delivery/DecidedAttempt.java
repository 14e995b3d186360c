package org.caravanmta.delivery;

import java.util.List;

import org.caravanmta.message.Outcome;

/**
 * An attempt with one outcome for each recipient of its message, in order.
 *
 * @param result   what it met
 * @param outcomes empty when the message is tried again at once (a stale connection)
 */
public record DecidedAttempt(AttemptResult result, List<Outcome> outcomes) {

    public boolean again() {
        return outcomes.isEmpty();
    }
}
