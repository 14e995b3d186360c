package org.caravanmta.config;

import org.caravanmta.config.CaravanConfig.MxLimit;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.WholeNumber;

/** {@code MXPATTERN N}. */
record MxLimitGrammar() implements Grammar<MxLimit> {

    private static final WholeNumber CONNECTIONS = new WholeNumber(1, 100_000);

    @Override
    public String expected() {
        return "a pattern of MX host names and a number, such as *.mx.example.com 20";
    }

    @Override
    public MxLimit parse(String text) throws Misunderstood {
        String[] parts = text.split("\\s+");
        if (parts.length != 2)
            throw misunderstood("one pattern and one number per entry");
        try {
            return new MxLimit(new DomainPattern.Form().parse(parts[0]), CONNECTIONS.parse(parts[1]));
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }
}
