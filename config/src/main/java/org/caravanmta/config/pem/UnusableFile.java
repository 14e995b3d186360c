package org.caravanmta.config.pem;

/** A file of a key or a certificate that is not to be used, and what to do about it. */
public final class UnusableFile extends Exception {

    private final String found;
    private final String expected;
    private final String hint;

    public UnusableFile(String found, String expected, String hint) {
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
