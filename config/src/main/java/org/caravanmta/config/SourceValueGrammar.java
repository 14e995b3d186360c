package org.caravanmta.config;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** {@code CIDR VALUE}. */
record SourceValueGrammar<T>(Grammar<T> value) implements Grammar<SourceValue<T>> {

    @Override
    public String expected() {
        return "a network and " + value.expected();
    }

    @Override
    public SourceValue<T> parse(String text) throws Misunderstood {
        String[] parts = text.split("\\s+", 2);
        if (parts.length < 2)
            throw misunderstood("first the network of the source addresses, then the value, as in 0/0 20");
        try {
            return new SourceValue<>(new CidrGrammar().parse(parts[0]), value.parse(parts[1]));
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }
}
