package org.caravanmta.throttle;

/**
 * Whose limit it is, over restarts and changes of the configuration.
 *
 * @param destination empty for a limit above one queue
 * @param source      an address; empty for a limit that is not of one source address
 */
public record LimitKey(String virtualMta, String destination, String source, String directive) {
}
