package org.caravanmta.config.dkim;

import java.util.Locale;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

/**
 * On whose behalf mail is signed: {@code i=} of RFC 6376, whose domain decides about the key.
 *
 * @param kind      where it is found
 * @param localPart of a fixed one; empty when it is a domain alone
 * @param domain    of a fixed one, in lower-case ASCII; null otherwise
 */
public record SigningIdentity(Kind kind, String localPart, String domain) {

    public enum Kind {
        FIXED, FROM, SENDER_OR_FROM
    }

    public static SigningIdentity fixed(String localPart, String domain) {
        return new SigningIdentity(Kind.FIXED, localPart, domain);
    }

    @Override
    public String toString() {
        return kind == Kind.FIXED ? localPart + "@" + domain : kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code ADDRESS}, {@code @DOMAIN}, {@code sender-or-from}, {@code from}. */
    public record Form() implements Grammar<SigningIdentity> {

        private static final HostName NAME = new HostName();

        @Override
        public String expected() {
            return "sender-or-from, from, an address such as news@example.com, or a domain such as @example.com";
        }

        @Override
        public SigningIdentity parse(String text) throws Misunderstood {
            if (text.equals("from"))
                return new SigningIdentity(Kind.FROM, "", null);
            if (text.equals("sender-or-from"))
                return new SigningIdentity(Kind.SENDER_OR_FROM, "", null);
            int at = text.lastIndexOf('@');
            if (at < 0)
                throw misunderstood(text.contains(".") ? "write @ in front of a domain" : "write one of these");
            if (text.chars().anyMatch(c -> c <= ' ' || c == 127))
                throw misunderstood("an address without blanks");
            return fixed(text.substring(0, at), NAME.parse(text.substring(at + 1)));
        }
    }
}
