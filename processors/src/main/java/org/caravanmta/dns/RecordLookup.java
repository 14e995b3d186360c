package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/** Single questions for those who can wait for the answer: every method blocks. Any thread. */
public final class RecordLookup implements AutoCloseable {

    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(5);

    /** What can be asked for. */
    public enum Kind {
        A(Type.A), AAAA(Type.AAAA), MX(Type.MX), PTR(Type.PTR), TXT(Type.TXT);

        private final int type;

        Kind(int type) {
            this.type = type;
        }
    }

    /**
     * What came.
     *
     * @param texts   of A and AAAA the address, of MX and PTR the name without a dot at the end, MX by preference, of TXT
     *                the strings of a record put together
     * @param unknown no server could say: it may be there or not
     * @param detail  why there is none; null when there are some
     */
    public record Records(List<String> texts, boolean unknown, String detail) {

        public boolean none() {
            return texts.isEmpty();
        }
    }

    private final NameServers servers;

    /** @param nameServers recursive servers in the order to ask; empty means the system's */
    public RecordLookup(List<InetSocketAddress> nameServers, int ednsUdpLength) {
        servers = new NameServers(nameServers, ednsUdpLength, QUESTION_TIMEOUT, new HostsFileParser(), false);
    }

    RecordLookup(NameServers servers) {
        this.servers = servers;
    }

    public Records find(String name, Kind kind) {
        try {
            Answer a = servers.ask(Name.fromString(name, Name.root), kind.type, false).toCompletableFuture().join();
            return new Records(texts(a, kind), a.status() == Answer.Status.TEMPORARY, a.detail());
        } catch (TextParseException _) {
            return new Records(List.of(), false, name + " is no domain name");
        }
    }

    private static List<String> texts(Answer a, Kind kind) {
        return switch (kind) {
            case A -> a.map(ARecord.class, r -> r.getAddress().getHostAddress());
            case AAAA -> a.map(AAAARecord.class, r -> r.getAddress().getHostAddress());
            case MX -> a.map(MXRecord.class, r -> r).stream().sorted(Comparator.comparingInt(MXRecord::getPriority))
                    .map(r -> r.getTarget().toString(true)).toList();
            case PTR -> a.map(PTRRecord.class, r -> r.getTarget().toString(true));
            case TXT -> a.map(TXTRecord.class, TxtLookup::text);
        };
    }

    /** Those of the same family as {@code like}. */
    public Records addresses(String host, InetAddress like) {
        return find(host, like.getAddress().length == 4 ? Kind.A : Kind.AAAA);
    }

    @Override
    public void close() {
        servers.close();
    }
}
