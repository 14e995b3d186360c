package org.caravanmta.client;

/**
 * Nobody knows whether the mail was taken: the connection broke, or the gateway takes no mail for the time being. Hand it in
 * again under the same {@link Mail#submissionId}.
 */
public final class NoAnswerException extends Exception {

    private static final long serialVersionUID = 1L;

    NoAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
