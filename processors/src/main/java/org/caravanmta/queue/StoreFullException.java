package org.caravanmta.queue;

/** The store has no room for new mail just now: the submitter hears 452 4.3.1. */
public class StoreFullException extends RuntimeException {

    public StoreFullException(String message) {
        super(message);
    }
}
