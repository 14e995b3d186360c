package org.caravanmta.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.dns.MxHosts;
import org.caravanmta.dns.MxResolver;
import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;

/** The addresses to try for a destination, in order: {@code smtp-hosts} when configured, else its MXs. Any thread. */
final class NextHops {

    /** One address of one host. */
    record Target(String host, InetSocketAddress address) {
    }

    /**
     * Either targets (not empty) or why there are none.
     *
     * @param mx the destination's MX records; null when it was not MX records that led here
     */
    record Targets(List<Target> list, Failure failure, MxHosts mx) {

        Targets(List<Target> list, Failure failure) {
            this(list, failure, null);
        }
    }

    private static final Failure NONE_USABLE = Failure.of(Stage.DNS, Failure.Cause.DNS_TEMPORARY,
            "none of the mail hosts of the rollup has an address");

    private final MxResolver resolver;
    private final RandomGenerator random;

    NextHops(MxResolver resolver, RandomGenerator random) {
        this.resolver = resolver;
        this.random = random;
    }

    /** Whether no name server answers, see {@link MxResolver#blind}. */
    boolean blind() {
        return resolver.blind();
    }

    CompletionStage<Targets> find(String destination, DomainSettings settings) {
        return find(destination, settings, _ -> true);
    }

    /** @param usable which of the MXs may be used, by name; a domain of whose hosts none may has a temporary failure */
    CompletionStage<Targets> find(String destination, DomainSettings settings, Predicate<String> usable) {
        if (settings.smtpHosts().isEmpty())
            return resolver.mailHosts(destination)
                    .thenApply(route -> targets(route, settings.defaultSmtpPort(), settings, usable));
        List<CompletableFuture<Targets>> found = new ArrayList<>();
        for (List<NextHop> level : settings.smtpHosts()) {
            List<NextHop> hops = new ArrayList<>(level);
            if (hops.size() > 1)
                Collections.shuffle(hops, java.util.Random.from(random));
            for (NextHop hop : hops)
                found.add(look(hop).thenApply(route -> targets(route, hop.port(), settings, _ -> true))
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

    private static Targets targets(Route route, int port, DomainSettings settings, Predicate<String> usable) {
        if (route.failure() != null)
            return new Targets(List.of(), route.failure());
        List<Target> targets = new ArrayList<>();
        for (MailHost host : route.hosts())
            if (usable.test(host.name()))
                for (InetAddress address : host.addresses())
                    targets.add(new Target(host.name(), new InetSocketAddress(address, port)));
        return targets.isEmpty() ? new Targets(List.of(), NONE_USABLE, route.mx())
                : new Targets(limit(targets, settings), null, route.mx());
    }

    private static List<Target> limit(List<Target> targets, DomainSettings settings) {
        int max = settings.mxConnectionAttempts();
        return max > 0 && targets.size() > max ? targets.subList(0, max) : targets;
    }
}
