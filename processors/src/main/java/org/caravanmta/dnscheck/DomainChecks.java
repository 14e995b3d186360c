package org.caravanmta.dnscheck;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.dkim.KeyRecord;
import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dns.RecordLookup.Kind;
import org.caravanmta.dns.RecordLookup.Records;
import org.caravanmta.dnscheck.Dmarc.Policy;
import org.caravanmta.dnscheck.Finding.Result;
import org.caravanmta.dnscheck.Spf.Verdict;

/**
 * What belongs to the domains that mail is from, and to their keys. What many addresses have in common is looked up once
 * for a run. Blocks; any thread.
 */
final class DomainChecks {

    private final RecordLookup dns;
    private final Spf spf;
    private final Dmarc dmarc;
    private final Map<String, SpfProposal> proposals = new ConcurrentHashMap<>();
    private final Once<String, Records> spfRecords = new Once<>();
    private final Once<String, Verdict> verdicts = new Once<>();
    private final Once<String, Policy> policies = new Once<>();
    private final Once<String, Finding> keys = new Once<>();

    DomainChecks(RecordLookup dns) {
        this.dns = dns;
        this.spf = new Spf(dns);
        this.dmarc = new Dmarc(dns);
    }

    /** Of each domain whether it permits the address, and whether the EHLO name forbids it (mail from {@code <>}). */
    Finding spf(InetAddress ip, String ehloName, Scope scope) {
        String kind = AddressChecks.privateKind(ip);
        if (kind != null)
            return AddressChecks.hidden(ip, kind);
        List<Finding> findings = new ArrayList<>();
        scope.domains().stream().limit(Scope.MOST_DOMAINS).forEach(d -> findings.add(spf(ip, ehloName, d)));
        if (scope.domains().size() > Scope.MOST_DOMAINS)
            findings.add(new Finding(Result.OK,
                    scope.domains().size() - Scope.MOST_DOMAINS + " more domains are not looked at",
                    List.of()));
        Verdict ehlo = spf.evaluate(ip, "", ehloName);
        if (List.of("fail", "softfail", "permerror").contains(ehlo.result())) {
            propose(ehloName, ip, ehlo);
            findings.add(Finding.fault(said(ehloName, ip, ehlo) + " (the EHLO name counts for bounce messages)"));
        }
        return Finding.all(findings);
    }

    private Finding spf(InetAddress ip, String ehloName, String domain) {
        Verdict v = verdict(ip, ehloName, domain);
        if (v.pass())
            return Finding.OK;
        if (v.result().equals("temperror"))
            return Finding.unknown(v.reason());
        propose(domain, ip, v);
        return Finding.fault(said(domain, ip, v));
    }

    private Verdict verdict(InetAddress ip, String ehloName, String domain) {
        return verdicts.get(ip.getHostAddress() + " " + ehloName + " " + domain,
                () -> spf.evaluate(ip, "postmaster@" + domain, ehloName));
    }

    private static String said(String domain, InetAddress ip, Verdict v) {
        return switch (v.result()) {
            case "none" -> domain + " has no SPF record";
            case "permerror" -> "the SPF record of " + domain + " is in error: " + v.reason();
            default -> domain + " does not permit " + ip.getHostAddress() + " (SPF " + v.result() + ")";
        };
    }

    /** A record in error is not made better by more terms. */
    private void propose(String domain, InetAddress ip, Verdict v) {
        Records published = spfRecords.get(domain, () -> spf.published(domain));
        if (v.result().equals("permerror") && published.texts().size() == 1)
            return;
        proposals.computeIfAbsent(domain,
                d -> new SpfProposal(d, published.texts().size() == 1 ? published.texts().getFirst() : null))
                .permit(ip);
    }

    /** The SPF records that the domains should have. */
    Stream<String> proposals() {
        return proposals.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(e -> e.getValue().record());
    }

    Finding dkim(Scope scope) {
        return Finding.all(scope.keys().stream().map(k -> keys.get(k.toString(), () -> dkim(k))).toList());
    }

    private Finding dkim(SigningKey key) {
        if (key.domain().equals(SigningKey.ANY))
            return Finding.NOTHING;
        String name = KeyRecord.name(key.selector(), key.domain());
        Records found = dns.find(name, Kind.TXT);
        if (found.unknown())
            return Finding.unknown(found.detail());
        String objection = KeyRecord.objection(key.publicKey(), found.texts());
        return objection == null ? Finding.OK
                : Finding.fault(name + ": " + objection,
                        KeyRecord.zoneLine(key.selector(), key.domain(), key.publicKey()));
    }

    /** Each domain as the From of mail that is signed and sent as configured. */
    Finding dmarc(InetAddress ip, String ehloName, Scope scope) {
        return Finding.all(
                scope.domains().stream().limit(Scope.MOST_DOMAINS).map(d -> dmarc(ip, ehloName, scope, d)).toList());
    }

    private Finding dmarc(InetAddress ip, String ehloName, Scope scope, String domain) {
        Policy policy = policies.get(domain, () -> dmarc.policy(domain));
        if (policy.unknown() != null)
            return Finding.unknown(policy.unknown());
        String objection = Dmarc.objection(domain, policy);
        if (objection != null)
            return Finding.fault(objection, Dmarc.proposal(policy.at() == null ? domain : policy.at()));
        boolean signed = scope.keys().stream().filter(k -> policy.aligned(domain, k.domain(), "adkim"))
                .anyMatch(k -> keys.get(k.toString(), () -> dkim(k)).result() != Result.FAULT);
        if (signed || AddressChecks.privateKind(ip) != null)
            return Finding.OK;
        Verdict v = verdict(ip, ehloName, domain);
        return v.pass() ? Finding.OK : v.result().equals("temperror") ? Finding.unknown(v.reason())
                : Finding.fault("mail from " + domain + " fails DMARC: neither SPF nor a published key stands for it");
    }
}
