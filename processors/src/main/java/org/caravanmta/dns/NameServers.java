package org.caravanmta.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.NioClient;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.RedirectLoopException;
import org.xbill.DNS.lookup.RedirectOverflowException;

/**
 * Asks the recursive name servers, in their order, each twice before it gives up: a lost datagram, a dead server and a
 * SERVFAIL all mean that the next server is asked. The server that answered last is asked first. Truncated answers are
 * asked again over TCP. CNAME and DNAME are followed up to {@value #MAX_REDIRECTS} times; a loop counts as temporary,
 * because it is somebody's unfinished change of a zone far more often than a statement that there is no mail.
 * <p>
 * Answers, negative ones too, are kept for their TTL in one cache. (dnsjava's {@code ExtendedResolver} was not taken:
 * it accepts a SERVFAIL of the first server as the answer.) Safe for any thread.
 */
final class NameServers implements AutoCloseable {

    static final int MAX_REDIRECTS = 8;
    private static final int ROUNDS = 2;
    private static final int MAX_CACHED_NAMES = 50_000;
    /** dnsjava has one selector thread per JVM; it ends with the last of us. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private final ExecutorService executor = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("dns").factory());
    private final List<LookupSession> sessions;
    private final List<LookupSession> sessionsWithHosts;
    private final List<InetSocketAddress> servers;
    private volatile int preferred;
    private volatile boolean closed;

    /**
     * @param servers empty means the system's
     * @param timeout of one question to one server
     * @param hosts   the hosts file to look into for names of the operator's own
     */
    NameServers(List<InetSocketAddress> servers, Duration timeout, HostsFileParser hosts) {
        this.servers = servers.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : servers;
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(MAX_CACHED_NAMES);
        sessions = this.servers.stream().map(s -> session(s, timeout, cache).build()).toList();
        sessionsWithHosts = this.servers.stream()
                .map(s -> session(s, timeout, cache).hostsFileParser(hosts).build()).toList();
        OPEN.incrementAndGet();
    }

    private LookupSession.LookupSessionBuilder session(InetSocketAddress server, Duration timeout, Cache cache) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(timeout);
        return LookupSession.builder().resolver(resolver).cache(cache).maxRedirects(MAX_REDIRECTS).executor(executor);
    }

    /** Never completes exceptionally. {@code hostsFile}: look into it first. */
    CompletionStage<Answer> ask(Name name, int type, boolean hostsFile) {
        return ask(hostsFile ? sessionsWithHosts : sessions, name, type, preferred, 0);
    }

    private CompletionStage<Answer> ask(List<LookupSession> among, Name name, int type, int server, int attempt) {
        CompletionStage<LookupResult> result;
        try {
            result = among.get(server).lookupAsync(name, type);
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.handle((found, e) -> answer(name, type, found, e)).thenCompose(a -> {
            if (a.status() != Answer.Status.TEMPORARY) {
                preferred = server;
                return CompletableFuture.completedFuture(a);
            }
            if (attempt + 1 == ROUNDS * among.size() || closed)
                return CompletableFuture.completedFuture(a);
            return ask(among, name, type, (server + 1) % among.size(), attempt + 1);
        });
    }

    private static Answer answer(Name name, int type, LookupResult found, Throwable error) {
        String question = Type.string(type) + " of " + name.toString(true);
        Throwable e = error != null && error.getCause() != null ? error.getCause() : error;
        return switch (e) {
            case null -> found.getRecords().isEmpty() ? Answer.none(Answer.Status.NO_DATA, "no " + question)
                    : Answer.of(found.getRecords());
            case NoSuchDomainException _ -> Answer.none(Answer.Status.NO_SUCH_NAME,
                    "no such domain: " + name.toString(true));
            case NoSuchRRSetException _ -> Answer.none(Answer.Status.NO_DATA, "no " + question);
            case RedirectLoopException _ -> Answer.none(Answer.Status.TEMPORARY, "CNAME loop looking up " + question);
            case RedirectOverflowException _ -> Answer.none(Answer.Status.TEMPORARY,
                    "too many CNAMEs looking up " + question);
            default -> Answer.none(Answer.Status.TEMPORARY, "DNS error looking up " + question + ": " + words(e));
        };
    }

    private static String words(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public String toString() {
        return servers.toString();
    }

    /** Questions under way are answered as temporary errors. */
    @Override
    public void close() {
        if (closed)
            return;
        closed = true;
        if (OPEN.decrementAndGet() == 0)
            NioClient.close();
        executor.shutdown();
    }
}
