package org.caravanmta.dkim;

/** A message has to be signed and cannot be: it must not go. The text is for people, and printable. */
public final class CannotSignException extends Exception {

    private final boolean wish;

    private CannotSignException(String reason, Throwable cause, boolean wish) {
        super(reason, cause, false, false);
        this.wish = wish;
    }

    CannotSignException(String reason) {
        this(reason, null, false);
    }

    CannotSignException(String reason, Throwable cause) {
        this(reason, cause, false);
    }

    static CannotSignException wish(String reason) {
        return new CannotSignException(reason, null, true);
    }

    /** The message itself asks for something that does not exist; trying again does not help. */
    public boolean wish() {
        return wish;
    }
}
