package org.caravanmta.dns;

import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.caravanmta.smtp.Failure.Cause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/**
 * What DNS answers mean for mail (RFC 5321 §5.1, RFC 7505).
 * <p>
 * <table>
 * <caption>Answers and what is reported</caption>
 * <tr><td>MX records</td><td>their hosts by preference, without those that have no address</td></tr>
 * <tr><td>no MX, but addresses</td><td>the domain itself, preference 0</td></tr>
 * <tr><td>one MX, {@code .}</td><td>NULL_MX</td></tr>
 * <tr><td>NXDOMAIN, or no domain name at all</td><td>NO_SUCH_DOMAIN</td></tr>
 * <tr><td>neither MX nor address, or no MX host has an address</td><td>NO_MAIL_HOST</td></tr>
 * <tr><td>anything that may be different tomorrow: timeout, SERVFAIL, REFUSED, CNAME loop, and MX hosts whose
 * addresses are all missing, one of them for such a reason</td><td>DNS_TEMPORARY</td></tr>
 * </table>
 * A found route is kept for its lowest TTL, at most {@link #MAX_TTL}; a failure for {@link #FAILURE_TTL}, since the
 * records below have their own cache. While no name server answers at all, lookups wait. Safe for any thread; results come on the thread {@code dns} or the caller's.
 */
public final class DnsMxResolver implements MxResolver, AutoCloseable {

    static final int MAX_HOSTS = 20;
    static final int MAX_ROUTES = 20_000;
    static final Duration MAX_TTL = Duration.ofMinutes(5);
    /** Enough to spare the servers the questions of a queue full of mail for a broken domain. */
    static final Duration FAILURE_TTL = Duration.ofSeconds(5);
    private static final Duration MIN_TTL = Duration.ofSeconds(1);
    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(DnsMxResolver.class);

    private final NameServers servers;
    private final HostLookup hostLookup;
    private final RandomGenerator random;
    private final Lookup byMx = this::byMx;
    private final Routes mailHosts = new Routes(MAX_ROUTES, System::nanoTime);
    private final Routes hosts = new Routes(MAX_ROUTES, System::nanoTime);

    /**
     * @param nameServers recursive servers in the order to ask; empty means the system's
     * @param random      shuffles hosts of equal preference
     */
    public DnsMxResolver(List<InetSocketAddress> nameServers, RandomGenerator random) {
        this(nameServers, NameServers.EDNS_UDP_LENGTH, random);
    }

    /** @param ednsUdpLength largest answer over UDP, in bytes */
    public DnsMxResolver(List<InetSocketAddress> nameServers, int ednsUdpLength, RandomGenerator random) {
        this(nameServers, ednsUdpLength, random, QUESTION_TIMEOUT, new HostsFileParser());
    }

    DnsMxResolver(List<InetSocketAddress> nameServers, RandomGenerator random, Duration questionTimeout,
            HostsFileParser hostsFile) {
        this(nameServers, NameServers.EDNS_UDP_LENGTH, random, questionTimeout, hostsFile);
    }

    private DnsMxResolver(List<InetSocketAddress> nameServers, int ednsUdpLength, RandomGenerator random,
            Duration questionTimeout, HostsFileParser hostsFile) {
        this.servers = new NameServers(nameServers, ednsUdpLength, questionTimeout, hostsFile, true);
        this.hostLookup = new HostLookup(servers);
        this.random = random;
    }

    @Override
    public CompletionStage<Route> mailHosts(String domain) {
        if (Literals.bracketed(domain))
            return literal(domain, Literals.parseBracketed(domain)).done();
        return answer(mailHosts, domain, byMx);
    }

    private CompletionStage<FoundRoute> byMx(Name name) {
        return servers.ask(name, Type.MX, false).thenCompose(mx -> route(name, mx));
    }

    /** A name in the hosts file of the system is taken from there: it is the operator who names these hosts. */
    @Override
    public CompletionStage<Route> hostAddresses(String host) {
        if (Literals.bracketed(host))
            return literal(host, Literals.parseBracketed(host)).done();
        InetAddress plain = Literals.parsePlain(host);
        if (plain != null)
            return literal(host, plain).done();
        return answer(hosts, host, name -> hostLookup.addresses(name, true)
                .thenApply(h -> found(name, h)));
    }

    private static FoundRoute literal(String text, InetAddress address) {
        return address == null
                ? FoundRoute.failed(Cause.NO_SUCH_DOMAIN, text + " is no address literal", FAILURE_TTL)
                : FoundRoute.of(List.of(new MailHost(text, 0, List.of(address))), MAX_TTL);
    }

    private interface Lookup {
        CompletionStage<FoundRoute> of(Name name);
    }

    private CompletionStage<Route> answer(Routes routes, String domain, Lookup lookup) {
        String key = domain.toLowerCase(Locale.ROOT);
        Supplier<CompletableFuture<FoundRoute>> start = () -> start(key, lookup);
        CompletableFuture<FoundRoute> found = routes.get(key, start);
        if (!found.isDone() || found.isCompletedExceptionally())
            return found.handle(this::shuffled);
        FoundRoute route = found.join();
        return route.hasEquals() ? CompletableFuture.completedStage(shuffled(route, null)) : route.done();
    }

    private CompletableFuture<FoundRoute> start(String domain, Lookup lookup) {
        Name name = name(domain);
        if (name == null)
            return CompletableFuture.completedFuture(
                    FoundRoute.failed(Cause.NO_SUCH_DOMAIN, domain + " is no domain name", FAILURE_TTL));
        return whenServed(() -> lookup.of(name).toCompletableFuture().orTimeout(LOOKUP_TIMEOUT.toMillis(),
                TimeUnit.MILLISECONDS)).toCompletableFuture();
    }

    /** While no server answers, it waits: that says nothing of the domain, and mail stays where it is. */
    private CompletionStage<FoundRoute> whenServed(Supplier<CompletableFuture<FoundRoute>> lookup) {
        Object asked = servers.asked();
        return lookup.get().handle((found, e) -> {
            boolean unknown = e != null || found.route().failure() != null
                    && found.route().failure().cause() == Cause.DNS_TEMPORARY;
            if (unknown && (servers.down() || servers.asked() != asked))
                return servers.back().thenCompose(_ -> whenServed(lookup));
            return e == null ? CompletableFuture.completedStage(found) : CompletableFuture.<FoundRoute>failedStage(e);
        }).thenCompose(s -> s);
    }

    private Route shuffled(FoundRoute found, Throwable e) {
        if (e != null) {
            LOG.warn("DNS lookup failed", e);
            return FoundRoute.failed(Cause.DNS_TEMPORARY, "DNS lookup failed: " + e, FAILURE_TTL).route();
        }
        synchronized (random) {
            return found.shuffled(random);
        }
    }

    /** Absolute, in A-labels; null when it is no domain name. */
    private static Name name(String domain) {
        try {
            Name name = Name.fromString(IDN.toASCII(domain), Name.root);
            return name.equals(Name.root) ? null : name;
        } catch (IllegalArgumentException | TextParseException e) {
            return null;
        }
    }

    private CompletionStage<FoundRoute> route(Name domain, Answer mx) {
        return switch (mx.status()) {
            case NO_SUCH_NAME -> failed(Cause.NO_SUCH_DOMAIN, mx.detail());
            case TEMPORARY -> failed(Cause.DNS_TEMPORARY, mx.detail());
            case NO_DATA -> hostLookup.addresses(domain, false).thenApply(h -> implicit(domain, h));
            case RECORDS -> explicit(domain, mx);
        };
    }

    private static FoundRoute implicit(Name domain, HostLookup.Host host) {
        return host.status() == Answer.Status.NO_SUCH_NAME ? noMailHost(domain) : found(domain, host);
    }

    private static FoundRoute found(Name name, HostLookup.Host host) {
        return switch (host.status()) {
            case RECORDS -> FoundRoute.of(List.of(new MailHost(text(name), 0, host.addresses())),
                    ttl(host.ttlSeconds()));
            case NO_SUCH_NAME -> FoundRoute.failed(Cause.NO_SUCH_DOMAIN, host.detail(), FAILURE_TTL);
            case NO_DATA -> noMailHost(name);
            case TEMPORARY -> FoundRoute.failed(Cause.DNS_TEMPORARY, host.detail(), FAILURE_TTL);
        };
    }

    private CompletionStage<FoundRoute> explicit(Name domain, Answer mx) {
        Map<Name, Integer> preferences = new LinkedHashMap<>();
        mx.map(MXRecord.class, r -> r).stream().filter(r -> !r.getTarget().equals(Name.root))
                .sorted(Comparator.comparingInt(MXRecord::getPriority)).limit(MAX_HOSTS)
                .forEach(r -> preferences.putIfAbsent(r.getTarget(), r.getPriority()));
        if (preferences.isEmpty())
            return failed(Cause.NULL_MX, text(domain) + " takes no mail (null MX)");
        List<CompletableFuture<HostLookup.Host>> asked = preferences.keySet().stream()
                .map(n -> hostLookup.addresses(n, false).toCompletableFuture()).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> combine(domain, mxHosts(mx), preferences,
                        asked.stream().map(CompletableFuture::join).toList(),
                        mx.ttlSeconds()));
    }

    private static MxHosts mxHosts(Answer mx) {
        return MxHosts.of(mx.map(MXRecord.class, r -> r).stream().filter(r -> !r.getTarget().equals(Name.root))
                .map(r -> new MxHosts.Mx(text(r.getTarget()), r.getPriority())).toList());
    }

    private static FoundRoute combine(Name domain, MxHosts mx, Map<Name, Integer> preferences,
            List<HostLookup.Host> found,
            long mxTtl) {
        List<MailHost> usable = new ArrayList<>();
        long ttl = mxTtl;
        String trouble = null;
        for (HostLookup.Host h : found) {
            if (h.status() == Answer.Status.RECORDS) {
                usable.add(new MailHost(text(h.name()), preferences.get(h.name()), h.addresses()));
                ttl = Math.min(ttl, h.ttlSeconds());
            } else if (h.status() == Answer.Status.TEMPORARY && trouble == null) {
                trouble = h.detail();
            }
        }
        if (!usable.isEmpty())
            return FoundRoute.of(usable, mx, trouble == null ? ttl(ttl) : FAILURE_TTL);
        return trouble == null
                ? FoundRoute.failed(Cause.NO_MAIL_HOST, "no MX of " + text(domain) + " has an address", FAILURE_TTL)
                : FoundRoute.failed(Cause.DNS_TEMPORARY, trouble, FAILURE_TTL);
    }

    private static FoundRoute noMailHost(Name domain) {
        return FoundRoute.failed(Cause.NO_MAIL_HOST, text(domain) + " has neither MX nor address", FAILURE_TTL);
    }

    private static CompletionStage<FoundRoute> failed(Cause cause, String detail) {
        return CompletableFuture.completedStage(FoundRoute.failed(cause, detail, FAILURE_TTL));
    }

    private static Duration ttl(long seconds) {
        Duration d = Duration.ofSeconds(seconds);
        return d.compareTo(MAX_TTL) > 0 ? MAX_TTL : d.compareTo(MIN_TTL) < 0 ? MIN_TTL : d;
    }

    private static String text(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    /** From now on others are asked, and what is known is forgotten; empty means the system's. */
    public void use(List<InetSocketAddress> nameServers, int ednsUdpLength) {
        servers.use(nameServers, ednsUdpLength);
        mailHosts.clear();
        hosts.clear();
    }

    /** Looks a domain up although it is known, so that it stays known. Never completes exceptionally. */
    CompletionStage<Route> renew(String domain) {
        String key = domain.toLowerCase(Locale.ROOT);
        return mailHosts.renew(key, () -> start(key, byMx)).handle(this::shuffled);
    }

    @Override
    public boolean blind() {
        return servers.down();
    }

    /** The servers and whether they answer, for people. */
    public String nameServers() {
        return servers.report();
    }

    /** For single records, over the same servers; not to be closed. */
    public RecordLookup records() {
        return new RecordLookup(servers);
    }

    /** For TXT records, over the same servers; not to be closed. */
    public TxtLookup texts() {
        return new TxtLookup(servers);
    }

    /** Lookups under way end as temporary errors. */
    @Override
    public void close() {
        servers.close();
    }
}
