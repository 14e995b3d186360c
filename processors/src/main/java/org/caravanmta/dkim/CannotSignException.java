package org.caravanmta.dkim;

/** A message has to be signed and cannot be: it must not go. The text is for the operator. */
public final class CannotSignException extends Exception {

    CannotSignException(String reason) {
        super(reason, null, false, false);
    }

    CannotSignException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
