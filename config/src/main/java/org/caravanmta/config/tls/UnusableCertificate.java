package org.caravanmta.config.tls;

/** Files that TLS cannot be spoken with, and what to do about it. */
public final class UnusableCertificate extends Exception {

    private final String found;
    private final String expected;
    private final String hint;

    UnusableCertificate(String found, String expected, String hint) {
        super("found " + found + ", expected " + expected + ", hint: " + hint, null, false, false);
        this.found = found;
        this.expected = expected;
        this.hint = hint;
    }

    public String found() {
        return found;
    }

    public String expected() {
        return expected;
    }

    public String hint() {
        return hint;
    }
}
