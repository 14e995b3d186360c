package org.caravanmta.config.bounce;

import java.util.List;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** Names of bounce categories. Any other name may be used too. */
public final class Category {

    public static final String OTHER = "other";
    public static final String EXPIRED = "message-expired";

    /** Those that our own rules use. */
    public static final List<String> KNOWN = List.of("bad-mailbox", "bad-domain", "inactive-mailbox", "quota-issues",
            "spam-related", "policy-related", "content-related", "virus-related", "invalid-sender",
            "relaying-issues", "routing-errors", "bad-configuration", "bad-connection", "no-answer-from-host",
            "protocol-errors", EXPIRED, OTHER);

    private static final int LONGEST = 50;

    private Category() {
    }

    /** Lower-case letters, digits and hyphens. */
    record Form() implements Grammar<String> {

        @Override
        public String expected() {
            return "a category such as bad-mailbox";
        }

        @Override
        public String parse(String text) throws Misunderstood {
            boolean right = !text.isEmpty() && text.length() <= LONGEST && !text.startsWith("-")
                    && text.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
            if (!right)
                throw misunderstood("lower-case letters, digits and hyphens, at most " + LONGEST);
            return text;
        }
    }
}
