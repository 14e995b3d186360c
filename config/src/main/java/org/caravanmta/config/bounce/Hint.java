package org.caravanmta.config.bounce;

import java.util.Locale;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** What the sender of refused mail should do. */
public enum Hint {
    /** The same mail may be taken later. */
    RETRY,
    /** No mail to this recipient any more. */
    SUPPRESS,
    /** Something about message, sender, setup or reputation has to change first. */
    FIX;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    record Form() implements Grammar<Hint> {

        @Override
        public String expected() {
            return "retry, suppress or fix";
        }

        @Override
        public Hint parse(String text) throws Misunderstood {
            for (Hint h : values())
                if (h.toString().equals(text))
                    return h;
            throw misunderstood("write one of the three words");
        }
    }
}
