package org.caravanmta.artemis;

/** The embedded broker did not become active; the cause says why. */
public class BrokerStartException extends RuntimeException {

    public BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
