package org.caravanmta.dnscheck;

import java.util.List;
import java.util.Locale;

import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dns.RecordLookup.Kind;
import org.caravanmta.dns.RecordLookup.Records;

/**
 * The DMARC policy of a domain (RFC 7489). Where the domain has none, that of a parent counts; which parent is the
 * organisation's is not looked up in a list of public suffixes: the nearest one with a policy is taken, as the successor
 * of that RFC does. Blocks.
 */
final class Dmarc {

    /**
     * What is published.
     *
     * @param at       the domain whose record it is; null when there is none
     * @param record   null when there is none
     * @param unknown  why that is not known; null when it is
     */
    record Policy(String at, String record, String unknown) {

        /** Whether a signature or return path of {@code other} counts as the domain's own. */
        boolean aligned(String domain, String other, String tag) {
            if (domain.equals(other))
                return true;
            boolean strict = record != null && record.toLowerCase(Locale.ROOT).replace(" ", "").contains(tag + "=s");
            return !strict && (domain.endsWith("." + other) || other.endsWith("." + domain)
                    || at != null && within(other, at) && within(domain, at));
        }

        private static boolean within(String domain, String parent) {
            return domain.equals(parent) || domain.endsWith("." + parent);
        }
    }

    private final RecordLookup dns;

    Dmarc(RecordLookup dns) {
        this.dns = dns;
    }

    Policy policy(String domain) {
        for (String at = domain; at.indexOf('.') > 0; at = at.substring(at.indexOf('.') + 1)) {
            Records found = dns.find("_dmarc." + at, Kind.TXT);
            if (found.unknown())
                return new Policy(null, null, found.detail());
            List<String> records = found.texts().stream().filter(t -> t.startsWith("v=DMARC1")).toList();
            if (!records.isEmpty())
                return new Policy(at, records.size() == 1 ? records.getFirst() : "", null);
        }
        return new Policy(null, null, null);
    }

    /** What receivers object to; null when nothing. */
    static String objection(String domain, Policy policy) {
        if (policy.at() == null)
            return domain + " has no DMARC policy";
        if (policy.record().isEmpty())
            return "_dmarc." + policy.at() + " has more than one DMARC policy";
        String[] tags = policy.record().split(";");
        for (int i = 1; i < tags.length; i++) {
            String tag = tags[i].strip().toLowerCase(Locale.ROOT).replaceAll("\\s*=\\s*", "=");
            if (tag.startsWith("p="))
                return List.of("p=none", "p=quarantine", "p=reject").contains(tag) ? null
                        : "the DMARC policy of " + policy.at() + " says " + tag;
        }
        return "the DMARC policy of " + policy.at() + " has no p=";
    }

    static String proposal(String domain) {
        return ZoneText.txt("_dmarc." + domain, "v=DMARC1; p=none; rua=mailto:postmaster@" + domain);
    }
}
