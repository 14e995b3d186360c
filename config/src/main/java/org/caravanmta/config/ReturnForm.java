package org.caravanmta.config;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** What a report returns of a message: true is all of it. */
record ReturnForm() implements Grammar<Boolean> {

    @Override
    public String expected() {
        return "headers, full or system";
    }

    @Override
    public Boolean parse(String text) throws Misunderstood {
        return switch (text) {
            case "headers", "system" -> false;
            case "full" -> true;
            default -> throw misunderstood("write one of these");
        };
    }
}
