package org.caravanmta.dns;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/** Asks for TXT records. Any thread. */
public final class TxtLookup implements AutoCloseable {

    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(5);

    private final NameServers servers;

    /** @param nameServers recursive servers in the order to ask; empty means the system's */
    public TxtLookup(List<InetSocketAddress> nameServers) {
        servers = new NameServers(nameServers, QUESTION_TIMEOUT, new HostsFileParser());
    }

    TxtLookup(NameServers servers) {
        this.servers = servers;
    }

    /**
     * What a name says.
     *
     * @param texts   of each record, its strings put together
     * @param detail  why there is none; null when there are some
     * @param unknown no server could say: there may be some or not
     */
    public record Texts(List<String> texts, String detail, boolean unknown) {

        /** What the DNS says. */
        public Texts(List<String> texts, String detail) {
            this(texts, detail, false);
        }
    }

    /** Never completes exceptionally. */
    public CompletionStage<Texts> texts(String name) {
        try {
            return servers.ask(Name.fromString(name, Name.root), Type.TXT, false)
                    .thenApply(a -> new Texts(a.map(TXTRecord.class, TxtLookup::text), a.detail(),
                            a.status() == Answer.Status.TEMPORARY));
        } catch (TextParseException e) {
            return CompletableFuture
                    .completedStage(new Texts(List.of(), name + " is no domain name"));
        }
    }

    static String text(TXTRecord r) {
        StringBuilder b = new StringBuilder();
        for (byte[] part : r.getStringsAsByteArrays())
            b.append(new String(part, StandardCharsets.ISO_8859_1));
        return b.toString();
    }

    @Override
    public void close() {
        servers.close();
    }
}
