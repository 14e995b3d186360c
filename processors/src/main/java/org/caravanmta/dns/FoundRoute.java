package org.caravanmta.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;

/**
 * A route as it is kept: in the order of preference, not yet shuffled.
 *
 * @param ttl how long it may be used
 */
record FoundRoute(Route route, Duration ttl, boolean hasEquals, CompletionStage<Route> done) {

    static FoundRoute of(List<MailHost> hosts, Duration ttl) {
        return of(hosts, null, ttl);
    }

    static FoundRoute of(List<MailHost> hosts, MxHosts mx, Duration ttl) {
        boolean equals = false;
        for (int i = 0; i < hosts.size(); i++)
            equals |= i > 0 && hosts.get(i).preference() == hosts.get(i - 1).preference()
                    || hosts.get(i).addresses().size() > 1;
        Route route = Route.of(hosts, mx);
        return new FoundRoute(route, ttl, equals, CompletableFuture.completedStage(route));
    }

    static FoundRoute failed(Failure.Cause cause, String detail, Duration ttl) {
        Route route = Route.failed(Failure.of(Stage.DNS, cause, detail));
        return new FoundRoute(route, ttl, false, CompletableFuture.completedStage(route));
    }

    /** Hosts of one preference, and addresses of one family of a host, in a new random order (RFC 5321 §5.1). */
    Route shuffled(RandomGenerator random) {
        if (!hasEquals)
            return route;
        List<MailHost> hosts = new ArrayList<>(route.hosts());
        for (int from = 0, to; from < hosts.size(); from = to) {
            to = from + 1;
            while (to < hosts.size() && hosts.get(to).preference() == hosts.get(from).preference())
                to++;
            Collections.shuffle(hosts.subList(from, to), random);
        }
        hosts.replaceAll(h -> h.addresses().size() < 2 ? h
                : new MailHost(h.name(), h.preference(), shuffledAddresses(h.addresses(), random)));
        return Route.of(hosts, route.mx());
    }

    private static List<InetAddress> shuffledAddresses(List<InetAddress> addresses, RandomGenerator random) {
        List<InetAddress> result = new ArrayList<>(addresses);
        int v4 = 0;
        while (v4 < result.size() && result.get(v4).getAddress().length == 4)
            v4++;
        Collections.shuffle(result.subList(0, v4), random);
        Collections.shuffle(result.subList(v4, result.size()), random);
        return Collections.unmodifiableList(result);
    }
}
