package org.caravanmta.tls.dane;

import java.io.IOException;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.caravanmta.tls.dane.DaneAnswer.Demand;
import org.caravanmta.tls.dane.DaneAnswer.Trouble;
import org.caravanmta.tls.dane.SecureAnswer.Status;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Whether DANE holds at a host to which mail for a domain goes (RFC 7672 §2.2).
 * <p>
 * <table>
 * <caption>What is asked, and what answers mean</caption>
 * <tr><td>MX of the domain</td><td>insecure: no DANE at its hosts, since whoever could forge them would name hosts of
 * his own. Secure: the host has to be among them</td></tr>
 * <tr><td>address of the host</td><td>insecure: no DANE, and no question for TLSA, which name servers of such zones
 * often cannot answer; but an alias in a secure zone counts by its own name</td></tr>
 * <tr><td>TLSA of the host, behind its aliases first</td><td>secure ones: DANE. Proven to be absent, or insecure:
 * none</td></tr>
 * <tr><td>any of them bogus or not answered</td><td>trouble: the host must not be used</td></tr>
 * </table>
 * Answers are kept for their TTL, within {@link #SHORTEST} and {@link #LONGEST}; trouble for {@link #TROUBLE}. Safe for
 * any thread; answers come on the caller's or the thread {@code dnssec}.
 */
public final class DaneLookup implements AutoCloseable {

    static final int MOST_KEPT = 20_000;
    static final Duration SHORTEST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofHours(1);
    static final Duration TROUBLE = Duration.ofSeconds(10);

    /** The MX hosts of a domain, as far as DNSSEC proves them; an answer in their place when it does not. */
    private record MxSet(DaneAnswer instead, Set<String> hosts, long ttlSeconds) {
    }

    /** Records of the host's, and the name they were found at. */
    private record HostAnswer(Status status, List<TlsaRecord> records, Name base, long ttlSeconds, String detail) {

        boolean none() {
            return status == Status.INSECURE || status == Status.SECURE && records.isEmpty();
        }
    }

    private final SecureDns dns;
    private final TtlCache<MxSet> domains;
    private final TtlCache<HostAnswer> hosts;

    DaneLookup(SecureDns dns, LongSupplier nanoTime) {
        this.dns = dns;
        this.domains = new TtlCache<>(MOST_KEPT, m -> nanos(m.ttlSeconds, m.instead instanceof Trouble), nanoTime);
        this.hosts = new TtlCache<>(MOST_KEPT, h -> nanos(h.ttlSeconds, h.status == Status.FAILED), nanoTime);
    }

    /**
     * @param nameServers recursive ones in the order to ask; empty means the system's
     * @param anchors     what is trusted: DS or DNSKEY records in the words of a zone file
     * @throws IOException the anchors are no such records
     */
    public static DaneLookup of(List<InetSocketAddress> nameServers, String anchors) throws IOException {
        return new DaneLookup(new SecureDns(nameServers, anchors), System::nanoTime);
    }

    private static long nanos(long ttlSeconds, boolean trouble) {
        return trouble ? TROUBLE.toNanos()
                : Math.clamp(ttlSeconds, SHORTEST.toSeconds(), LONGEST.toSeconds()) * 1_000_000_000L;
    }

    /**
     * Never completes exceptionally.
     *
     * @param domain whose MX led to the host; null when the operator named the host
     * @param host   a name; for an address literal DANE does not hold
     */
    public CompletionStage<DaneAnswer> ask(String domain, String host, int port) {
        Name name = name(host);
        Name d = domain == null ? name : name(domain);
        if (name == null || d == null)
            return CompletableFuture.completedStage(DaneAnswer.NOT_USED);
        if (domain == null)
            return host(name, port, Set.of());
        return domains.get(text(d), () -> dns.ask(d, Type.MX).thenApply(a -> mxSet(d, a))).thenCompose(mx -> {
            if (mx.instead != null)
                return CompletableFuture.completedStage(mx.instead);
            if (!mx.hosts.contains(text(name)))
                return CompletableFuture.completedStage(new Trouble(
                        "DANE: " + text(name) + " is not among the MX hosts of " + text(d) + " that DNSSEC proves"));
            return host(name, port, Set.of(text(d)));
        });
    }

    private static MxSet mxSet(Name domain, SecureAnswer a) {
        return switch (a.status()) {
            case FAILED -> new MxSet(trouble(a.detail()), Set.of(), 0);
            case INSECURE -> new MxSet(DaneAnswer.NOT_USED, Set.of(), a.ttlSeconds());
            case SECURE -> new MxSet(null, a.records().isEmpty() ? Set.of(text(domain))
                    : a.records(MXRecord.class).stream().map(r -> text(r.getTarget()))
                            .collect(Collectors.toUnmodifiableSet()),
                    a.ttlSeconds());
        };
    }

    private CompletionStage<DaneAnswer> host(Name host, int port, Set<String> domain) {
        return hosts.get(text(host) + ":" + port, () -> find(host, port)).thenApply(found -> switch (found.status) {
            case FAILED -> trouble(found.detail);
            case INSECURE -> DaneAnswer.NOT_USED;
            case SECURE -> found.records.isEmpty() ? DaneAnswer.NOT_USED : demand(found, host, domain);
        });
    }

    private static DaneAnswer demand(HostAnswer found, Name host, Set<String> domain) {
        Set<String> names = new HashSet<>(domain);
        names.add(text(host));
        names.add(text(found.base));
        return new Demand(new DaneVerifier(TlsaRecord.usable(found.records), names), text(found.base));
    }

    private CompletionStage<HostAnswer> find(Name host, int port) {
        return dns.ask(host, Type.A).thenCompose(a -> switch (a.status()) {
            case FAILED -> done(a, host);
            case INSECURE -> a.aliased() ? ofAlias(host, port) : done(a, host);
            case SECURE -> tlsa(a.owner(), port).thenCompose(t -> a.aliased() && t.none() ? tlsa(host, port)
                    : CompletableFuture.completedStage(t));
        });
    }

    /** An alias that leads out of secure zones (RFC 7672 §2.2.2). */
    private CompletionStage<HostAnswer> ofAlias(Name host, int port) {
        return dns.ask(host, Type.CNAME)
                .thenCompose(c -> c.status() == Status.SECURE ? tlsa(host, port) : done(c, host));
    }

    private CompletionStage<HostAnswer> tlsa(Name base, int port) {
        Name name;
        try {
            name = Name.concatenate(Name.fromString("_" + port + "._tcp"), base);
        } catch (TextParseException | NameTooLongException _) {
            return CompletableFuture.completedStage(new HostAnswer(Status.INSECURE, List.of(), base,
                    LONGEST.toSeconds(), null)); // there cannot be any
        }
        return dns.ask(name, Type.TLSA).thenApply(a -> new HostAnswer(a.status(),
                a.records(TLSARecord.class).stream().map(r -> new TlsaRecord(r.getCertificateUsage(), r.getSelector(),
                        r.getMatchingType(), r.getCertificateAssociationData())).toList(),
                base, a.ttlSeconds(), a.detail()));
    }

    private static CompletionStage<HostAnswer> done(SecureAnswer a, Name base) {
        return CompletableFuture
                .completedStage(new HostAnswer(a.status(), List.of(), base, a.ttlSeconds(), a.detail()));
    }

    private static Trouble trouble(String detail) {
        return new Trouble("DANE: cannot be relied on by DNSSEC: " + detail);
    }

    /** Absolute, in A-labels; null when it is no name, such as an address. */
    private static Name name(String text) {
        try {
            if (text.startsWith("[") || text.indexOf(':') >= 0 || text.matches("[0-9.]+"))
                return null;
            Name name = Name.fromString(IDN.toASCII(text), Name.root);
            return name.equals(Name.root) ? null : name;
        } catch (IllegalArgumentException | TextParseException _) {
            return null;
        }
    }

    private static String text(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    /** Questions under way end as trouble. */
    @Override
    public void close() {
        dns.close();
    }
}
