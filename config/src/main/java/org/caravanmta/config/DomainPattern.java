package org.caravanmta.config;

import java.net.InetAddress;
import java.util.Locale;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.IpAddress;
import org.caravanmta.config.value.Misunderstood;

/**
 * Which names are meant: destinations of a {@code domain} block, or hosts.
 *
 * @param domain lower-case ASCII; empty for {@code *}; the network for {@code [network]}
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
        EXACT,
        /** {@code [ip/mask]}: address literals of a network. */
        LITERAL
    }

    private static final String IPV6 = "IPv6:";
    /** @param name in ASCII, either case */
    public boolean matches(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean below = lower.length() > domain.length() + 1 && lower.endsWith("." + domain);
        return switch (scope) {
            case ALL -> true;
            case BOTH -> below || lower.equals(domain);
            case BELOW -> below;
            case EXACT -> lower.equals(domain);
            case LITERAL -> false;
        };
    }

    @Override
    public String toString() {
        return switch (scope) {
            case ALL -> "*";
            case BOTH -> "[*.]" + domain;
            case BELOW -> "*." + domain;
            case EXACT -> domain;
            case LITERAL -> "[" + domain + "]";
        };
    }

    /** The address of a destination such as {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}; null for any other. */
    static InetAddress literal(String domain) {
        if (!domain.startsWith("[") || !domain.endsWith("]"))
            return null;
        try {
            return new IpAddress().parse(withoutTag(domain.substring(1, domain.length() - 1)));
        } catch (Misunderstood _) {
            return null;
        }
    }

    private static String withoutTag(String address) {
        return address.regionMatches(true, 0, IPV6, 0, IPV6.length()) ? address.substring(IPV6.length()) : address;
    }

    /** {@code *}, {@code d}, {@code *.d}, {@code [*.]d}, {@code [ip/mask]}. */
    public record Form() implements Grammar<DomainPattern> {

        @Override
        public String expected() {
            return "a domain pattern: \"*\", example.com, \"*.example.com\", \"[*.]example.com\" or \"[192.0.2.0/24]\"";
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
                return network(text);
            return of(Scope.EXACT, text);
        }

        private DomainPattern network(String text) throws Misunderstood {
            if (!text.endsWith("]"))
                throw misunderstood("a network of address literals looks like \"[192.0.2.0/24]\"");
            try {
                Cidr network = new CidrGrammar().parse(withoutTag(text.substring(1, text.length() - 1)));
                return new DomainPattern(Scope.LITERAL, network.toString());
            } catch (Misunderstood e) {
                throw misunderstood(e.hint());
            }
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
