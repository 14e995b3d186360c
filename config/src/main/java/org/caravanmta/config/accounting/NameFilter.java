package org.caravanmta.config.accounting;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * Names that are meant, or with {@code !} are not.
 *
 * @param not     {@code !} stood before it
 * @param pattern a name; {@code *} stands for any characters
 */
public record NameFilter(boolean not, String pattern) {

    /** Linear but for the number of stars; null never matches. */
    public boolean matches(String name) {
        return name != null && matches(name, 0, 0);
    }

    private boolean matches(String name, int n, int p) {
        int star = -1;
        int retry = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                n++;
                p++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*')
            p++;
        return p == pattern.length();
    }

    /** {@code NAME}, {@code !NAME}, with {@code *}. */
    public record Form() implements Grammar<NameFilter> {

        @Override
        public String expected() {
            return "a name, in which * stands for any characters, such as news-* or !news-test";
        }

        @Override
        public NameFilter parse(String text) throws Misunderstood {
            boolean not = text.startsWith("!");
            String pattern = not ? text.substring(1) : text;
            if (pattern.isEmpty() || pattern.chars().anyMatch(Character::isISOControl))
                throw misunderstood("a name is missing");
            return new NameFilter(not, pattern);
        }
    }
}
