package org.caravanmta.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.tls.ClientTls;
import org.caravanmta.dns.MxHosts;
import org.caravanmta.dns.MxResolver;
import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;
import org.caravanmta.tls.policy.HostVerdict;
import org.caravanmta.tls.policy.HostVerdict.Demand;
import org.caravanmta.tls.policy.PeerPolicies;

/** The addresses to try for a destination, in order: {@code smtp-hosts} when configured, else its MXs. Any thread. */
final class NextHops {

    /**
     * One address of one host.
     *
     * @param mxOf   the domain whose MX the host is; null when the operator named it
     * @param demand TLS that DANE or a policy demands there; null when none does
     */
    record Target(String host, InetSocketAddress address, String mxOf, Demand demand) {

        Target(String host, InetSocketAddress address) {
            this(host, address, null, null);
        }
    }

    /**
     * Either targets (not empty) or why there are none.
     *
     * @param mx    the destination's MX records; null when it was not MX records that led here
     * @param bound DANE or a policy demands something at one of the hosts at least
     */
    record Targets(List<Target> list, Failure failure, MxHosts mx, boolean bound) {

        Targets(List<Target> list, Failure failure) {
            this(list, failure, null);
        }

        Targets(List<Target> list, Failure failure, MxHosts mx) {
            this(list, failure, mx, false);
        }
    }

    private static final Failure NONE_USABLE = Failure.of(Stage.DNS, Failure.Cause.DNS_TEMPORARY,
            "none of the mail hosts of the rollup has an address");

    private final MxResolver resolver;
    private final PeerPolicies policies;
    private final RandomGenerator random;

    /** @param policies null when nobody uses DANE or MTA-STS */
    NextHops(MxResolver resolver, PeerPolicies policies, RandomGenerator random) {
        this.resolver = resolver;
        this.policies = policies;
        this.random = random;
    }

    /** Whether no name server answers, see {@link MxResolver#blind}. */
    boolean blind() {
        return resolver.blind();
    }

    CompletionStage<Targets> find(String destination, DomainSettings settings) {
        return find(destination, settings, settings.tls(), _ -> true);
    }

    /**
     * @param tls    whether policies are heeded
     * @param usable which of the MXs may be used, by name; a domain of whose hosts none may has a temporary failure
     */
    CompletionStage<Targets> find(String destination, DomainSettings settings, ClientTls tls,
            Predicate<String> usable) {
        CompletionStage<Targets> found = find(destination, settings, usable);
        boolean sts = tls.mtaSts() && settings.smtpHosts().isEmpty();
        return tls.dane() || sts ? found.thenCompose(t -> demanded(destination, t, tls.dane(), sts)) : found;
    }

    private CompletionStage<Targets> demanded(String destination, Targets found, boolean dane, boolean sts) {
        if (found.list().isEmpty())
            return CompletableFuture.completedStage(found);
        List<PeerPolicies.Host> hosts = found.list().stream().map(NextHops::host).toList();
        return policies.ask(destination, hosts, dane, sts).thenApply(verdicts -> demanded(found, verdicts));
    }

    private static PeerPolicies.Host host(Target t) {
        return new PeerPolicies.Host(t.mxOf(), t.host(), t.address().getPort());
    }

    private static Targets demanded(Targets found, Map<PeerPolicies.Host, HostVerdict> verdicts) {
        if (verdicts.values().stream().allMatch(HostVerdict::free))
            return found;
        List<Target> allowed = new ArrayList<>();
        Set<String> refusals = new LinkedHashSet<>();
        for (Target t : found.list()) {
            HostVerdict v = verdicts.get(host(t));
            if (v.refused() == null)
                allowed.add(new Target(t.host(), t.address(), t.mxOf(), v.demand()));
            else
                refusals.add(v.refused());
        }
        return new Targets(allowed, allowed.isEmpty()
                ? Failure.of(Stage.DNS, Failure.Cause.PEER_POLICY, String.join("; ", refusals)) : null, found.mx(),
                true);
    }

    private CompletionStage<Targets> find(String destination, DomainSettings settings, Predicate<String> usable) {
        if (settings.smtpHosts().isEmpty())
            return resolver.mailHosts(destination).thenApply(
                    route -> targets(route, destination, settings.defaultSmtpPort(), settings, usable));
        List<CompletableFuture<Targets>> found = new ArrayList<>();
        for (List<NextHop> level : settings.smtpHosts()) {
            List<NextHop> hops = new ArrayList<>(level);
            if (hops.size() > 1)
                Collections.shuffle(hops, java.util.Random.from(random));
            for (NextHop hop : hops)
                found.add(look(hop).thenApply(route -> targets(route, hop.lookupMx() ? hop.host() : null, hop.port(),
                        settings, _ -> true))
                        .toCompletableFuture());
        }
        return found.size() == 1 ? found.getFirst() : join(found, settings);
    }

    private CompletionStage<Route> look(NextHop hop) {
        return hop.lookupMx() ? resolver.mailHosts(hop.host())
                : resolver.hostAddresses(hop.host()).thenApply(NextHops::neverForGood);
    }

    /** A configured host that cannot be found is the operator's mistake: the mail waits, it does not bounce. */
    private static Route neverForGood(Route route) {
        Failure f = route.failure();
        return f == null ? route
                : Route.failed(Failure.of(f.stage(), Failure.Cause.DNS_TEMPORARY, "smtp-hosts: " + f.text()));
    }

    private static CompletionStage<Targets> join(List<CompletableFuture<Targets>> found, DomainSettings settings) {
        return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<Target> all = new ArrayList<>();
            Failure failure = null;
            for (CompletableFuture<Targets> f : found) {
                all.addAll(f.join().list());
                if (f.join().failure() != null)
                    failure = worse(failure, f.join().failure());
            }
            return all.isEmpty() ? new Targets(List.of(), failure) : new Targets(limit(all, settings), null);
        });
    }

    /** Of two reasons the temporary one counts: nothing bounces while one host may still be found. */
    private static Failure worse(Failure a, Failure b) {
        return a != null && a.cause() == Failure.Cause.DNS_TEMPORARY ? a : b;
    }

    private static Targets targets(Route route, String mxOf, int port, DomainSettings settings,
            Predicate<String> usable) {
        if (route.failure() != null)
            return new Targets(List.of(), route.failure());
        List<Target> targets = new ArrayList<>();
        for (MailHost host : route.hosts())
            if (usable.test(host.name()))
                for (InetAddress address : host.addresses())
                    targets.add(new Target(host.name(), new InetSocketAddress(address, port), mxOf, null));
        return targets.isEmpty() ? new Targets(List.of(), NONE_USABLE, route.mx())
                : new Targets(limit(targets, settings), null, route.mx());
    }

    private static List<Target> limit(List<Target> targets, DomainSettings settings) {
        int max = settings.mxConnectionAttempts();
        return max > 0 && targets.size() > max ? targets.subList(0, max) : targets;
    }
}
