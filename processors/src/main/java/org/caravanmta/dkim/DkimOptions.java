package org.caravanmta.dkim;

import java.util.Locale;

import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

/**
 * What a message asks of its first signature: {@code x-dkim-options: s=SELECTOR; d=DOMAIN; i=IDENTITY}. What is null is
 * not asked for.
 */
record DkimOptions(String selector, String domain, Mailbox identity) {

    private static final HostName NAME = new HostName();

    static final DkimOptions NONE = new DkimOptions(null, null, null);

    /**
     * @param text null means that there was no such field
     * @throws CannotSignException it asks for something that is not understood
     */
    static DkimOptions parse(String text) throws CannotSignException {
        String selector = null;
        String domain = null;
        Mailbox identity = null;
        for (String tag : text == null ? new String[0] : text.split(";")) {
            int equals = tag.indexOf('=');
            String name = (equals < 0 ? tag : tag.substring(0, equals)).strip();
            String value = equals < 0 ? "" : tag.substring(equals + 1).strip();
            switch (name) {
                case "" -> {
                }
                case "s" -> selector = value.toLowerCase(Locale.ROOT);
                case "d" -> domain = domain(value);
                case "i" -> identity = identity(value);
                case "q" -> {
                    if (!value.equals("dns/txt"))
                        throw CannotSignException.wish("x-dkim-options: q= can only be dns/txt");
                }
                default -> throw CannotSignException.wish("x-dkim-options: only s=, d=, i= and q= are known");
            }
        }
        return new DkimOptions(selector, domain,
                identity == null && domain != null ? new Mailbox("", domain) : identity);
    }

    private static String domain(String value) throws CannotSignException {
        try {
            return NAME.parse(value);
        } catch (Misunderstood _) {
            throw CannotSignException.wish("x-dkim-options: d= is a domain");
        }
    }

    private static Mailbox identity(String value) throws CannotSignException {
        Mailbox found = Mailbox.first(value.startsWith("@") ? "x" + value : value);
        if (found == null)
            throw CannotSignException.wish("x-dkim-options: i= is an address, or a domain behind @");
        return value.startsWith("@") ? new Mailbox("", found.domain()) : found;
    }

    boolean allows(SigningKey key) {
        return (selector == null || selector.equals(key.selector()))
                && (domain == null || domain.equals(key.domain()) || key.domain().equals(SigningKey.ANY));
    }
}
