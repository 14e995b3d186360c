package org.caravanmta.config;

import java.util.Set;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** A type of accounting record: {@code d}, {@code b}, {@code t} or its long name. */
record RecordTypeGrammar() implements Grammar<Character> {

    private static final Set<String> PLANNED = Set.of("tq", "r", "rb", "rs", "f", "transient-queue", "receipt",
            "remote-bounce", "remote-status", "feedback-loop");

    @Override
    public String expected() {
        return "d, b or t (delivery, bounce, transient)";
    }

    @Override
    public Character parse(String text) throws Misunderstood {
        return switch (text) {
            case "d", "delivery" -> 'd';
            case "b", "bounce" -> 'b';
            case "t", "transient" -> 't';
            default ->
                throw misunderstood(PLANNED.contains(text) ? "this record type is not supported yet: take it away"
                        : "d delivered, b bounced, t temporary failure");
        };
    }
}
