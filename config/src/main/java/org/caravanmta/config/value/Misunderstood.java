package org.caravanmta.config.value;

/**
 * A value does not follow its grammar. Says what was expected and how to mend it; who reads the file adds the place.
 */
public final class Misunderstood extends Exception {

    private final String expected;
    private final String hint;

    /**
     * @param expected the grammar, in words that fit behind "expected"
     * @param hint     what the operator should do; never empty
     */
    public Misunderstood(String expected, String hint) {
        super("expected " + expected + ", hint: " + hint, null, false, false);
        this.expected = expected;
        this.hint = hint;
    }

    public String expected() {
        return expected;
    }

    public String hint() {
        return hint;
    }
}
