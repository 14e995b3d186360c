package org.caravanmta.config.value;

/** Any text that is not empty and holds no control characters. */
public record Text(String expected) implements Grammar<String> {

    @Override
    public String parse(String text) throws Misunderstood {
        if (text.isEmpty())
            throw misunderstood("it is empty");
        if (text.chars().anyMatch(c -> c < ' ' || c == 127))
            throw misunderstood("control characters are not allowed");
        return text;
    }
}
