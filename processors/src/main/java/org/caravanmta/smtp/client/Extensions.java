package org.caravanmta.smtp.client;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

import org.caravanmta.config.DomainSettings;

/**
 * What the peer offered in its EHLO reply (RFC 5321 §4.1.1.1), less what the settings tell us to ignore.
 *
 * @param keywords   all keywords in the peer's order, joined by commas; an empty string after HELO
 * @param sizeOffered the SIZE parameter of MAIL may be said
 * @param authMechanisms ways to log in (RFC 4954)
 * @param sizeLimit  largest message the peer takes (RFC 1870); 0 when it did not say
 */
record Extensions(String keywords, boolean pipelining, boolean sizeOffered, long sizeLimit, boolean eightBitMime,
        boolean smtpUtf8, boolean startTls, Set<String> authMechanisms, boolean dsn) {

    static final Extensions NONE = new Extensions("", false, false, 0, false, false, false,
            Set.of(), false);

    /** @param lines of the reply, without codes; the first is the greeting */
    static Extensions parse(String[] lines, DomainSettings settings) {
        StringBuilder keywords = new StringBuilder();
        boolean pipelining = false;
        boolean size = false;
        long limit = 0;
        boolean eightBit = false;
        boolean utf8 = false;
        boolean startTls = false;
        Set<String> auth = Set.of();
        boolean dsn = false;
        for (int i = 1; i < lines.length; i++) {
            String keyword = keyword(lines[i]);
            if (keyword.isEmpty())
                continue;
            keywords.append(keywords.isEmpty() ? "" : ",").append(keyword);
            switch (keyword) {
                case "PIPELINING" -> pipelining = !settings.ignorePipelining();
                case "SIZE" -> {
                    size = true;
                    limit = limit(lines[i].substring(keyword.length()).trim());
                }
                case "8BITMIME" -> eightBit = !settings.ignore8bitmime();
                case "SMTPUTF8" -> utf8 = true;
                case "DSN" -> dsn = !settings.reporting().ignoreDsn();
                case "STARTTLS" -> startTls = true;
                case "AUTH" -> auth = mechanisms(auth, lines[i].substring(keyword.length()));
                default -> {
                    // the rest is only recorded
                }
            }
        }
        return new Extensions(keywords.toString(), pipelining, size, limit, eightBit, utf8, startTls, auth, dsn);
    }

    private static Set<String> mechanisms(Set<String> known, String more) {
        Set<String> all = new LinkedHashSet<>(known);
        for (String m : more.replace('=', ' ').trim().split(" +"))
            all.add(m.toUpperCase(Locale.ROOT));
        return all;
    }

    /** {@code AUTH=LOGIN} is how some hosts of old said {@code AUTH LOGIN}. */
    private static String keyword(String line) {
        int i = 0;
        while (i < line.length() && line.charAt(i) != ' ' && line.charAt(i) != '=' && line.charAt(i) != ',')
            i++;
        return line.substring(0, i).toUpperCase(Locale.ROOT);
    }

    private static long limit(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9'))
            return 0;
        return Long.parseLong(digits);
    }
}
