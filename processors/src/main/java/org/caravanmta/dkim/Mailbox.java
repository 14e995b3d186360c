package org.caravanmta.dkim;

import java.nio.charset.StandardCharsets;

import org.caravanmta.config.dkim.SigningIdentity;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

/**
 * An address that is signed for.
 *
 * @param localPart as written; empty for a domain alone
 * @param domain    in lower-case ASCII
 */
record Mailbox(String localPart, String domain) {

    private static final HostName NAME = new HostName();

    static Mailbox of(SigningIdentity fixed) {
        return new Mailbox(fixed.localPart(), fixed.domain());
    }

    /**
     * The first address of a field such as From (RFC 5322 §3.4).
     *
     * @param value unfolded; may be null
     * @return null when there is none, or none whose domain could have a key
     */
    static Mailbox first(String value) {
        String address = value == null ? "" : firstAddress(value);
        int at = address.lastIndexOf('@');
        if (at <= 0)
            return null;
        try {
            return new Mailbox(address.substring(0, at).strip(), NAME.parse(address.substring(at + 1).strip()));
        } catch (Misunderstood _) {
            return null;
        }
    }

    /** Within angle brackets, or the whole element when it has none; comments, names and routes are left out. */
    private static String firstAddress(String value) {
        StringBuilder b = new StringBuilder();
        boolean quoted = false;
        boolean angle = false;
        int comments = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && (quoted || comments > 0)) {
                if (comments == 0 && i + 1 < value.length())
                    b.append(c).append(value.charAt(i + 1));
                i++;
            } else if (comments > 0 || c == '(' && !quoted) {
                comments += c == '(' ? 1 : c == ')' ? -1 : 0;
            } else if (c == '"') {
                quoted = !quoted;
                b.append(c);
            } else if (quoted) {
                b.append(c);
            } else if (c == '<' && !angle) {
                angle = true;
                b.setLength(0);
            } else if (c == ':') {
                b.setLength(0); // the name of a group, or a route
            } else if (c == '>' || (c == ',' || c == ';') && !angle) {
                if (b.indexOf("@") > 0)
                    break;
                b.setLength(0);
                angle = false;
            } else {
                b.append(c);
            }
        }
        return b.toString().strip();
    }

    /** As the value of {@code i=} (RFC 6376 §2.11, §3.5): the local part in dkim-quoted-printable. */
    String tagValue() {
        StringBuilder b = new StringBuilder();
        for (byte octet : localPart.getBytes(StandardCharsets.UTF_8))
            if (octet > ' ' && octet < 127 && octet != ';' && octet != '=')
                b.append((char) octet);
            else
                b.append('=').append("0123456789ABCDEF".charAt(octet >> 4 & 15))
                        .append("0123456789ABCDEF".charAt(octet & 15));
        return b.append('@').append(domain).toString();
    }

    @Override
    public String toString() {
        return tagValue();
    }
}
