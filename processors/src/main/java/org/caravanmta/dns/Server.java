package org.caravanmta.dns;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * One name server, and whether it answers. A question that brought nothing in time means little: the server may wait for
 * somebody else's. Only one that has said nothing at all meanwhile counts as down, and is then asked {@code localhost},
 * which it knows by itself (RFC 6761), at once and every {@link #PROBE_INTERVAL}; whatever it says, it is up again.
 * <p>
 * Source ports and query ids are random (RFC 5452): dnsjava takes a new socket and a secure random number for each
 * question. Any thread.
 */
final class Server {

    static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final Record LOCALHOST = Record.newRecord(Name.fromConstantString("localhost."), Type.A, DClass.IN);

    private final InetSocketAddress address;
    private final SimpleResolver resolver;
    private final ScheduledExecutorService dns;
    private final Duration timeout;
    private final Runnable changed;
    /** It said nothing when it was asked last. */
    private volatile boolean silent;
    /** And nothing to the probe either. */
    private volatile boolean down;
    private volatile boolean closed;
    private long heardNanos = System.nanoTime();
    /** What the probe under way will have found; null while there is none. */
    private CompletableFuture<Boolean> probe;

    /**
     * @param timeout of one question, over UDP and TCP together
     * @param changed told when it is down or up again
     */
    Server(InetSocketAddress address, int ednsUdpLength, Duration timeout, ScheduledExecutorService dns,
            Runnable changed) {
        this.address = address;
        this.timeout = timeout;
        this.dns = dns;
        this.changed = changed;
        resolver = new SimpleResolver(address);
        resolver.setEDNS(0, ednsUdpLength, 0);
        resolver.setTimeout(timeout);
    }

    boolean down() {
        return down;
    }

    /** Whether others are to be asked first. */
    boolean silent() {
        return silent;
    }

    /** Whether it may be asked: when it was just found silent, after the first probe. */
    CompletionStage<Boolean> up() {
        if (!silent)
            return CompletableFuture.completedStage(true);
        synchronized (this) {
            return !silent ? CompletableFuture.completedStage(true)
                    : probe == null ? CompletableFuture.completedStage(false) : probe.copy();
        }
    }

    /** Whatever it answers; fails when nothing came in time, or nothing that can be read. */
    CompletionStage<Message> ask(Message query) {
        long sent = System.nanoTime();
        return resolver.sendAsync(query, dns).toCompletableFuture().copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((answer, e) -> {
                    if (answer != null)
                        heard();
                    else if (nobodySpoke(e))
                        unanswered(sent);
                });
    }

    /** Nobody was there, or nobody spoke; other trouble is ours, or of who spoke. */
    private static boolean nobodySpoke(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof TimeoutException || cause instanceof java.net.SocketTimeoutException
                || cause instanceof PortUnreachableException || cause instanceof NoRouteToHostException
                || cause instanceof ConnectException;
    }

    private void heard() {
        boolean back;
        synchronized (this) {
            heardNanos = System.nanoTime();
            back = down;
            silent = false;
            down = false;
        }
        if (back)
            changed.run();
    }

    private void unanswered(long sentNanos) {
        synchronized (this) {
            if (silent || closed || heardNanos - sentNanos > 0)
                return;
            silent = true;
            probe = new CompletableFuture<>();
        }
        probe();
    }

    private void probe() {
        if (closed)
            return;
        resolver.sendAsync(Message.newQuery(LOCALHOST), dns).toCompletableFuture().copy()
                .orTimeout(PROBE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).whenComplete((answer, _) -> {
                    if (answer != null)
                        heard();
                    else
                        unheard();
                    probed(answer != null);
                });
    }

    private void unheard() {
        boolean first;
        synchronized (this) {
            first = silent && !down;
            down = silent;
        }
        if (first)
            changed.run();
        probeLater();
    }

    private void probed(boolean up) {
        CompletableFuture<Boolean> ended;
        synchronized (this) {
            ended = probe;
            probe = null;
        }
        if (ended != null)
            ended.complete(up);
    }

    private void probeLater() {
        if (!silent)
            return;
        try {
            dns.schedule(this::probe, PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            closed = true;
        }
    }

    void close() {
        closed = true;
    }

    /** {@code IP:PORT}, or the IP alone when the port is the usual one. */
    @Override
    public String toString() {
        String ip = address.getAddress() == null ? address.getHostString() : address.getAddress().getHostAddress();
        return address.getPort() == SimpleResolver.DEFAULT_PORT ? ip
                : (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + address.getPort();
    }
}
