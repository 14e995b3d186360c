package org.caravanmta.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Finds the addresses of one host: A and AAAA asked at the same time. */
final class HostLookup {

    static final int MAX_ADDRESSES = 8;

    /**
     * What became of a host.
     *
     * @param status    {@code RECORDS} when there is at least one usable address; then a failure of the other family
     *                  does not count
     * @param addresses IPv4 first, at most {@value #MAX_ADDRESSES} of a family
     */
    record Host(Name name, Answer.Status status, List<InetAddress> addresses, long ttlSeconds, String detail) {
    }

    private final NameServers servers;

    HostLookup(NameServers servers) {
        this.servers = servers;
    }

    CompletionStage<Host> addresses(Name name, boolean hostsFile) {
        return servers.ask(name, Type.A, hostsFile).thenCombine(servers.ask(name, Type.AAAA, hostsFile),
                (a, aaaa) -> host(name, a, aaaa));
    }

    private static Host host(Name name, Answer a, Answer aaaa) {
        List<InetAddress> all = Stream.concat(usable(a.map(ARecord.class, ARecord::getAddress)),
                usable(aaaa.map(AAAARecord.class, AAAARecord::getAddress))).toList();
        if (!all.isEmpty())
            return new Host(name, Answer.Status.RECORDS, all, lowest(a, aaaa), null);
        if (a.status() == Answer.Status.TEMPORARY || aaaa.status() == Answer.Status.TEMPORARY)
            return none(name, Answer.Status.TEMPORARY,
                    a.status() == Answer.Status.TEMPORARY ? a.detail() : aaaa.detail());
        if (a.status() == Answer.Status.NO_SUCH_NAME || aaaa.status() == Answer.Status.NO_SUCH_NAME)
            return none(name, Answer.Status.NO_SUCH_NAME, "no such host: " + name.toString(true));
        return none(name, Answer.Status.NO_DATA, "no address of " + name.toString(true));
    }

    private static Host none(Name name, Answer.Status status, String detail) {
        return new Host(name, status, List.of(), 0, detail);
    }

    /** {@code 0.0.0.0} and multicast are how some zones say that there is no host. */
    private static Stream<InetAddress> usable(List<InetAddress> addresses) {
        return addresses.stream().filter(a -> !a.isAnyLocalAddress() && !a.isMulticastAddress()).limit(MAX_ADDRESSES);
    }

    private static long lowest(Answer a, Answer aaaa) {
        if (a.records().isEmpty())
            return aaaa.ttlSeconds();
        return aaaa.records().isEmpty() ? a.ttlSeconds() : Math.min(a.ttlSeconds(), aaaa.ttlSeconds());
    }
}
