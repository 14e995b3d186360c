package org.caravanmta.submission.broker;

/**
 * What became of letters.
 *
 * @param waiting those that are not handed in yet
 * @param done    since the start
 * @param parked  those among the latter that the operator has to see
 */
public record LetterCounts(long waiting, long done, long parked) {
}
