package org.caravanmta.config;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * A name of one word, or an empty text, which takes an inherited name away.
 *
 * @param what in words that fit behind "expected"
 */
record OrNothing(String what) implements Grammar<String> {

    @Override
    public String expected() {
        return what + ", or \"\" for none";
    }

    @Override
    public String parse(String text) throws Misunderstood {
        if (text.chars().anyMatch(c -> c <= ' ' || c == 127))
            throw misunderstood("one word, without blanks");
        return text;
    }
}
