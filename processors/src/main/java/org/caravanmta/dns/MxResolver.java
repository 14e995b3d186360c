package org.caravanmta.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.caravanmta.smtp.Failure;

/** Finds the hosts that take mail for a domain (RFC 5321 §5.1), asynchronously and cached by TTL. */
public interface MxResolver {

    /**
     * The hosts to try, best first, equals shuffled; address literals {@code [192.0.2.1]} are answered directly. Never
     * completes exceptionally.
     */
    CompletionStage<Route> mailHosts(String domain);

    /** The addresses of one host by name or literal, for {@code smtp-hosts}. Never completes exceptionally. */
    CompletionStage<Route> hostAddresses(String host);

    /** Whether no name server answers, so that lookups wait until one does. */
    default boolean blind() {
        return false;
    }

    /**
     * Either hosts (not empty) or why there are none.
     *
     * @param mx the names in the MX records; null when no MX records led here
     */
    record Route(List<MailHost> hosts, Failure failure, MxHosts mx) {

        public static Route of(List<MailHost> hosts) {
            return of(hosts, null);
        }

        public static Route of(List<MailHost> hosts, MxHosts mx) {
            return new Route(List.copyOf(hosts), null, mx);
        }

        public static Route failed(Failure failure) {
            return new Route(List.of(), failure, null);
        }
    }

    /** One host of one preference with its addresses, in the order to try. */
    record MailHost(String name, int preference, List<InetAddress> addresses) {
    }
}
