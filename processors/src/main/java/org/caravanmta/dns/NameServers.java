package org.caravanmta.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.NioClient;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.RedirectLoopException;
import org.xbill.DNS.lookup.RedirectOverflowException;

/**
 * Asks the recursive name servers; which of them, see {@link Servers}. Truncated answers are asked again over TCP. CNAME
 * and DNAME are followed up to {@value #MAX_REDIRECTS} times; a loop counts as temporary, because it is somebody's
 * unfinished change of a zone far more often than a statement that there is no mail.
 * <p>
 * Answers are kept for their TTL in one cache, negative ones as RFC 2308 §5 has it, both no longer than so long; all who
 * ask the same at the same time share one question. Safe for any thread.
 */
final class NameServers implements AutoCloseable {

    static final int MAX_REDIRECTS = 8;
    static final int EDNS_UDP_LENGTH = 1232;
    static final Duration MAX_TTL = Duration.ofDays(1);
    /** A new domain's first mail must not bounce all day because somebody asked before it was there. */
    static final Duration MAX_NEGATIVE_TTL = Duration.ofMinutes(10);
    private static final int MAX_CACHED_NAMES = 20_000;
    /** dnsjava has one selector thread per JVM; it ends with the last of us. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private final ScheduledExecutorService executor = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("dns").factory());
    private final Duration timeout;
    private final HostsFileParser hosts;
    private final boolean tells;
    private volatile Asked asked;
    private volatile boolean closed;

    /** Whom to ask just now, and what they have said. */
    private record Asked(Servers servers, LookupSession session, LookupSession sessionWithHosts,
            Map<Question, CompletableFuture<Answer>> underWay) {
    }

    private record Question(Name name, int type, boolean hostsFile) {
    }

    /**
     * @param servers empty means the system's
     * @param timeout of one question to one server
     * @param hosts   the hosts file to look into for names of the operator's own
     */
    NameServers(List<InetSocketAddress> servers, Duration timeout, HostsFileParser hosts) {
        this(servers, EDNS_UDP_LENGTH, timeout, hosts, false);
    }

    /** @param tells whether the log says which of them answer */
    NameServers(List<InetSocketAddress> servers, int ednsUdpLength, Duration timeout, HostsFileParser hosts,
            boolean tells) {
        this.timeout = timeout;
        this.tells = tells;
        this.hosts = hosts;
        use(servers, ednsUdpLength);
        OPEN.incrementAndGet();
    }

    /** From now on others are asked, and what is known is forgotten. {@code ednsUdpLength} in bytes. */
    synchronized void use(List<InetSocketAddress> addresses, int ednsUdpLength) {
        if (closed)
            return;
        Servers servers = new Servers(tells);
        servers.of((addresses.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : addresses).stream()
                .map(a -> new Server(a, ednsUdpLength, timeout, executor, servers::changed)).toList());
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(MAX_CACHED_NAMES);
        cache.setMaxCache((int) MAX_TTL.toSeconds());
        cache.setMaxNCache((int) MAX_NEGATIVE_TTL.toSeconds());
        Asked before = asked;
        asked = new Asked(servers, session(servers, cache).build(),
                session(servers, cache).hostsFileParser(hosts).build(), new ConcurrentHashMap<>());
        if (before != null)
            before.servers.close();
    }

    private LookupSession.LookupSessionBuilder session(Servers servers, Cache cache) {
        return LookupSession.builder().resolver(servers).cache(cache).maxRedirects(MAX_REDIRECTS).executor(executor);
    }

    /** Stands for those that are asked just now: another object when they are others. */
    Object asked() {
        return asked;
    }

    /** Whether no server answers at all: whoever can wait should, for {@link #back}. */
    boolean down() {
        return !closed && asked.servers.down();
    }

    /** Ends when a server answers again, when others are to be asked, and at the end. */
    CompletionStage<Void> back() {
        return asked.servers.back();
    }

    /** Never completes exceptionally. {@code hostsFile}: look into it first. */
    CompletionStage<Answer> ask(Name name, int type, boolean hostsFile) {
        Asked now = asked;
        Question question = new Question(name, type, hostsFile);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<Answer> shared = now.underWay.putIfAbsent(question, answer);
        if (shared != null)
            return shared.copy();
        look(hostsFile ? now.sessionWithHosts : now.session, name, type).whenComplete((found, e) -> {
            now.underWay.remove(question);
            answer.complete(answer(name, type, found, e));
        });
        return answer;
    }

    private static CompletionStage<LookupResult> look(LookupSession session, Name name, int type) {
        try {
            return session.lookupAsync(name, type);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
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

    /** The servers and whether they answer. */
    String report() {
        return asked.servers.report();
    }

    @Override
    public String toString() {
        return asked.servers.toString();
    }

    /** Questions under way are answered as temporary errors. */
    @Override
    public synchronized void close() {
        if (closed)
            return;
        closed = true;
        asked.servers.close();
        if (OPEN.decrementAndGet() == 0)
            NioClient.close();
        executor.shutdownNow();
    }
}
