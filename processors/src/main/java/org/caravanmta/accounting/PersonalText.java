package org.caravanmta.accounting;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.caravanmta.config.accounting.Privacy;

/**
 * Hides what is personal in one column: of addresses the local part, also of those within a reply, where the recipient's
 * own local part is hidden as a word too; of any other column that a policy names, all of it. One thread.
 */
final class PersonalText {

    private static final Set<String> ADDRESSES = Set.of("orig", "rcpt", "orcpt");
    private static final String REPLY = "dsnDiag";
    private static final String HMAC = "HmacSHA256";

    private enum Holds {
        ADDRESS, REPLY, TEXT
    }

    private final Holds holds;
    private final String replacement;
    private final Mac mac;

    private PersonalText(Holds holds, Privacy policy) {
        this.holds = holds;
        this.replacement = policy.text();
        this.mac = policy.key() == null ? null : mac(HexFormat.of().parseHex(policy.key()));
    }

    /** @return null when the column is kept as it is */
    static PersonalText of(String column, List<Privacy> policies) {
        Holds holds = ADDRESSES.contains(column) ? Holds.ADDRESS : column.equals(REPLY) ? Holds.REPLY : Holds.TEXT;
        Privacy found = null;
        for (Privacy p : policies)
            if (column.equals(p.column()) || p.column() == null && holds != Holds.TEXT
                    && (found == null || found.column() == null))
                found = p;
        return found == null || found.kind() == Privacy.Kind.RETAIN ? null : new PersonalText(holds, found);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String hide(String value, AccountingRecord r) {
        return switch (holds) {
            case ADDRESS -> address(value);
            case REPLY -> word(localPart(r.orig()), word(localPart(r.rcpt()), addresses(value)));
            case TEXT -> value.isEmpty() ? value : hidden(value);
        };
    }

    private String hidden(String text) {
        return mac == null ? replacement : HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** With {@code rfc822;} before it or without (RFC 3461). */
    private String address(String address) {
        int type = address.indexOf(';') + 1;
        int at = address.lastIndexOf('@');
        if (at < type)
            return address.isEmpty() ? address : address.substring(0, type) + hidden(address.substring(type));
        return address.substring(0, type) + hidden(address.substring(type, at)) + address.substring(at);
    }

    private static String localPart(String address) {
        int at = address == null ? -1 : address.lastIndexOf('@');
        return at < 0 ? "" : address.substring(0, at);
    }

    private String addresses(String text) {
        StringBuilder b = new StringBuilder(text.length());
        int done = 0;
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int begin = at;
            while (begin > done && atext(text.charAt(begin - 1)))
                begin--;
            if (begin == at)
                continue;
            b.append(text, done, begin).append(hidden(text.substring(begin, at)));
            done = at;
        }
        return b.append(text, done, text.length()).toString();
    }

    private String word(String local, String text) {
        if (local.length() < 2 || !text.contains(local))
            return text;
        StringBuilder b = new StringBuilder(text.length());
        int done = 0;
        for (int i = text.indexOf(local); i >= 0; i = text.indexOf(local, i + 1)) {
            int end = i + local.length();
            if (i < done || i > 0 && atext(text.charAt(i - 1)) || end < text.length() && atext(text.charAt(end)))
                continue;
            b.append(text, done, i).append(hidden(local));
            done = end;
        }
        return b.append(text, done, text.length()).toString();
    }

    /** RFC 5322 §3.2.3 and RFC 6532, with the dot. */
    private static boolean atext(char c) {
        return c > 127 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0;
    }
}
