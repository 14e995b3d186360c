package org.caravanmta.config.tls;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.YesNo;

/** What operators know as a switch and what stays off. */
record NeverGrammar(String why) implements Grammar<Boolean> {

    @Override
    public String expected() {
        return "no";
    }

    @Override
    public Boolean parse(String text) throws Misunderstood {
        if (new YesNo().parse(text))
            throw misunderstood(why);
        return false;
    }
}
