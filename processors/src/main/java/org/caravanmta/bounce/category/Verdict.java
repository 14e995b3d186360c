package org.caravanmta.bounce.category;

import org.caravanmta.config.bounce.Hint;

/**
 * The category of a failure, and why.
 *
 * @param hint  what the sender should do; null when an operator's own expression decided
 * @param rule  its name, or the expression; null when nothing fitted
 * @param place file and line of the rule; null when nothing fitted
 * @param why   for people: which words or codes
 */
public record Verdict(String category, Hint hint, String rule, String place, String why) {
}
