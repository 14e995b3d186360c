package org.caravanmta.submission.broker;

/** A letter whose body is no mail; the message says why, and what would be. */
public final class UnreadableLetterException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnreadableLetterException(String reason) {
        super(reason, null, false, false);
    }
}
