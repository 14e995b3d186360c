package org.caravanmta.config.value;

/** How one value is written. Stateless; the same text always gives the same value. */
public interface Grammar<T> {

    /** What is expected, in words that fit behind "expected": {@code yes or no}. */
    String expected();

    /** The value that {@code text} (not null, blanks around it already taken away) means. */
    T parse(String text) throws Misunderstood;

    /** A problem of this grammar with its own remedy. */
    default Misunderstood misunderstood(String hint) {
        return new Misunderstood(expected(), hint);
    }
}
