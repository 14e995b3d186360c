package org.caravanmta.dnscheck;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

import org.apache.james.jspf.impl.SPF;
import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dns.RecordLookup.Kind;
import org.caravanmta.dns.RecordLookup.Records;

/** Whether a domain lets an address send its mail (RFC 7208), by jSPF and our own resolver. Blocks. */
final class Spf {

    private static final int MOST_TERMS = 10;

    /**
     * The verdict.
     *
     * @param result {@code pass}, {@code fail}, {@code softfail}, {@code neutral}, {@code none}, {@code permerror} or
     *               {@code temperror}
     * @param reason of the last two; null otherwise
     */
    record Verdict(String result, String reason) {

        boolean pass() {
            return result.equals("pass");
        }
    }

    private final RecordLookup dns;

    Spf(RecordLookup dns) {
        this.dns = dns;
    }

    Verdict evaluate(InetAddress ip, String mailFrom, String ehloName) {
        SpfDns asked = new SpfDns(dns);
        String result;
        try {
            result = new SPF(asked).checkSPF(ip.getHostAddress(), mailFrom, ehloName).getResult();
        } catch (StackOverflowError _) { // its regular expressions on a very long term
            result = "permerror";
        }
        if (asked.trouble() != null && !result.equals("pass"))
            return new Verdict("temperror", asked.trouble());
        if (asked.tooManyVoid())
            return new Verdict("permerror", "more than " + SpfDns.MOST_VOID + " lookups find nothing");
        if (asked.tooManyMx())
            return new Verdict("permerror", "mx leads to more than 10 hosts");
        if (!result.equals("permerror"))
            return new Verdict(result, result.equals("temperror") ? "DNS error" : null);
        return new Verdict(result, asked.questions() > MOST_TERMS ? "it takes more than 10 DNS lookups"
                : "a record is not understood, or includes one that is not there");
    }

    /** The SPF records of a domain; more than one is an error. */
    Records published(String domain) {
        Records all = dns.find(domain, Kind.TXT);
        List<String> spf = all.texts().stream().filter(Spf::isSpf).toList();
        return new Records(spf, all.unknown(), all.detail());
    }

    private static boolean isSpf(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("v=spf1") || lower.startsWith("v=spf1 ");
    }
}
