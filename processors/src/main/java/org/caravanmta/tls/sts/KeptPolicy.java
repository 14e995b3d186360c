package org.caravanmta.tls.sts;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A policy as it is kept.
 *
 * @param domain      in lower case, A-labels
 * @param id          what the TXT record said when it was fetched
 * @param fetchedAtMs since the epoch
 */
record KeptPolicy(String domain, String id, StsPolicy policy, long fetchedAtMs) {

    private static final Duration OLD = Duration.ofDays(1);
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");

    /** Its time is not over. */
    boolean valid(long nowMs) {
        return nowMs - fetchedAtMs < policy.maxAge().toMillis();
    }

    /** It is to be fetched again, though it holds: a day old, or half of its time is over (RFC 8461 §3.3, §10.2). */
    boolean old(long nowMs) {
        return nowMs - fetchedAtMs >= Math.min(OLD.toMillis(), policy.maxAge().toMillis() / 2);
    }

    static boolean isDomain(String text) {
        return text.length() <= 253 && DOMAIN.matcher(text).matches();
    }

    /** One line, without its end. */
    String line() {
        return String.join(" ", domain, id, Long.toString(fetchedAtMs),
                policy.mode().name().toLowerCase(Locale.ROOT), Long.toString(policy.maxAge().toSeconds()),
                String.join(",", policy.mx()));
    }

    /** @return null when the line says no such thing */
    static KeptPolicy of(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 6 || !isDomain(parts[0]) || !ID.matcher(parts[1]).matches())
            return null;
        StringBuilder text = new StringBuilder("version: STSv1\nmode: " + parts[3] + "\nmax_age: " + parts[4] + "\n");
        if (!parts[5].isEmpty())
            for (String mx : parts[5].split(",", -1))
                text.append("mx: ").append(mx).append('\n');
        try {
            return new KeptPolicy(parts[0], parts[1], StsPolicy.parse(text.toString()), Long.parseLong(parts[2]));
        } catch (StsPolicy.MalformedException | NumberFormatException _) {
            return null;
        }
    }

}
