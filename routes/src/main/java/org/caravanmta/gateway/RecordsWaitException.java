package org.caravanmta.gateway;

/** An accounting file is no longer configured, and not everything is in it: starting would lose records. */
public final class RecordsWaitException extends Exception {

    RecordsWaitException(String file) {
        super("records of the accounting file " + file
                + " are not written yet: start once with its acct-file, stop, then change it");
    }
}
