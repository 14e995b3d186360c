package org.caravanmta.config.yaml;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** One scalar. */
public record One<T>(Grammar<T> grammar) implements Shape<T> {

    @Override
    public String expected() {
        return grammar.expected();
    }

    @Override
    public T ofText(String text) throws Misunderstood {
        return grammar.parse(text);
    }
}
