package org.caravanmta.config;

import java.util.Locale;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

/**
 * Which names are meant: destinations of a {@code domain} block, or hosts.
 *
 * @param domain lower-case ASCII; empty for {@code *}
 */
public record DomainPattern(Scope scope, String domain) {

    /** From general to specific, for one domain. */
    public enum Scope {
        /** {@code *}: every domain. */
        ALL,
        /** {@code [*.]d}: the domain and everything below. */
        BOTH,
        /** {@code *.d}: everything below the domain, not the domain itself. */
        BELOW,
        /** {@code d}: the domain itself. */
        EXACT
    }

    /** @param name in ASCII, either case */
    public boolean matches(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean below = lower.length() > domain.length() + 1 && lower.endsWith("." + domain);
        return switch (scope) {
            case ALL -> true;
            case BOTH -> below || lower.equals(domain);
            case BELOW -> below;
            case EXACT -> lower.equals(domain);
        };
    }

    @Override
    public String toString() {
        return switch (scope) {
            case ALL -> "*";
            case BOTH -> "[*.]" + domain;
            case BELOW -> "*." + domain;
            case EXACT -> domain;
        };
    }

    /** {@code *}, {@code d}, {@code *.d}, {@code [*.]d}. */
    record Form() implements Grammar<DomainPattern> {

        @Override
        public String expected() {
            return "a domain pattern: \"*\", example.com, \"*.example.com\" or \"[*.]example.com\"";
        }

        @Override
        public DomainPattern parse(String text) throws Misunderstood {
            if (text.equals("*"))
                return new DomainPattern(Scope.ALL, "");
            if (text.startsWith("[*.]"))
                return of(Scope.BOTH, text.substring(4));
            if (text.startsWith("*."))
                return of(Scope.BELOW, text.substring(2));
            if (text.startsWith("["))
                throw misunderstood("patterns for address literals are not supported yet");
            if (text.startsWith("$"))
                throw misunderstood("domain macros are not supported yet: write the domains out");
            return of(Scope.EXACT, text);
        }

        private DomainPattern of(Scope scope, String domain) throws Misunderstood {
            try {
                return new DomainPattern(scope, new HostName().parse(domain));
            } catch (Misunderstood e) {
                throw misunderstood(domain.contains("*") ? "* stands only at the beginning" : e.hint());
            }
        }
    }
}
