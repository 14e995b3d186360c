package org.caravanmta.config;

import java.util.Set;

import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** A type of accounting record, by its short or its long name. */
record RecordTypeGrammar() implements Grammar<RecordType> {

    private static final Set<String> PLANNED = Set.of("rb", "rs", "f", "remote-bounce", "remote-status",
            "feedback-loop");

    @Override
    public String expected() {
        return "d, b, t, tq or r (delivery, bounce, transient, transient-queue, receipt)";
    }

    @Override
    public RecordType parse(String text) throws Misunderstood {
        RecordType type = RecordType.ofWord(text);
        if (type == null)
            throw misunderstood(PLANNED.contains(text) ? "this record type is not supported yet: take it away"
                    : "d delivered, b bounced, t temporary failure, tq the same of a queue, r received");
        return type;
    }
}
