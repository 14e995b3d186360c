package org.caravanmta.config.value;

import java.util.Locale;

/** BOOLEAN: {@code yes}, {@code no}, {@code true}, {@code false}. */
public record YesNo() implements Grammar<Boolean> {

    @Override
    public String expected() {
        return "yes or no";
    }

    @Override
    public Boolean parse(String text) throws Misunderstood {
        return switch (text) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw misunderstood(switch (text.toLowerCase(Locale.ROOT)) {
                case "on", "1", "y", "yes", "true" -> "write yes";
                case "off", "0", "n", "no", "false", "never" -> "write no";
                default -> "write yes, no, true or false";
            });
        };
    }
}
