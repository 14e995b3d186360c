package org.caravanmta.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;

/**
 * Several name servers that take over from each other: the one that answered last is asked first, then the others in
 * their order, and one that is down not at all. A server that says nothing is asked twice; one that says that it does
 * not know (SERVFAIL, REFUSED, a referral) once. So many questions are on their way at the same time, the others wait:
 * each takes a socket. (dnsjava's {@code ExtendedResolver} was not taken: it accepts a SERVFAIL of the first server as
 * the answer, and asks dead servers again and again.) Any thread.
 */
final class Servers implements Resolver {

    static final int MOST_QUESTIONS = 1_000;
    private static final int ROUNDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.dns");

    private final Turnstile turnstile = new Turnstile(MOST_QUESTIONS);
    private final Set<Server> told = new HashSet<>();
    private final boolean tells;
    private volatile List<Server> servers = List.of();
    private volatile int preferred;
    private volatile boolean closed;
    private CompletableFuture<Void> back = new CompletableFuture<>();
    private boolean down;

    /** @param tells whether the log says which of them answer */
    Servers(boolean tells) {
        this.tells = tells;
    }

    /** To be called once, before anything is asked. */
    void of(List<Server> all) {
        servers = List.copyOf(all);
    }

    /** Whether none of them answers. Never so when there are none. */
    synchronized boolean down() {
        return down;
    }

    /** Ends when one of them answers again, or when they are not asked any more. */
    synchronized CompletionStage<Void> back() {
        return down ? back.copy() : CompletableFuture.completedStage(null);
    }

    /** A server is down or up again. */
    void changed() {
        CompletableFuture<Void> ended = null;
        synchronized (this) {
            if (closed)
                return;
            for (Server s : servers)
                if ((s.down() ? told.add(s) : told.remove(s)) && tells)
                    LOG.warn("name server {} {}", s, s.down() ? "does not answer" : "answers again");
            boolean now = servers.stream().allMatch(Server::down);
            if (now == down)
                return;
            down = now;
            if (down && tells)
                LOG.error("ALARM: no name server answers ({}); mail that needs one waits", this);
            if (!down) {
                if (tells)
                    LOG.info("mail that waited for a name server goes on");
                ended = back;
                back = new CompletableFuture<>();
            }
        }
        if (ended != null)
            ended.complete(null);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        turnstile.enter(() -> new Question(query).next().whenComplete((found, e) -> {
            turnstile.leave(executor);
            if (e == null)
                answer.complete(found);
            else
                answer.completeExceptionally(
                        e instanceof CompletionException c && c.getCause() != null ? c.getCause() : e);
        }));
        return answer;
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query) {
        return sendAsync(query, Runnable::run);
    }

    /** One question and whom it has still to be put to. */
    private final class Question {

        private final Message query;
        private final ArrayDeque<Integer> left = new ArrayDeque<>();
        private IOException failure;

        Question(Message query) {
            this.query = query;
            for (int round = 0; round < ROUNDS; round++)
                for (int i = 0; i < servers.size(); i++)
                    left.add((preferred + i) % servers.size());
            List<Integer> silent = new ArrayList<>();
            left.removeIf(i -> servers.get(i).silent() && silent.add(i));
            left.addAll(silent);
        }

        CompletionStage<Message> next() {
            Integer i = left.poll();
            if (i == null || closed)
                return CompletableFuture.failedStage(failure != null ? failure
                        : new IOException("no name server answers (" + Servers.this + ")"));
            return servers.get(i).up().thenCompose(up -> up ? ask(i) : next());
        }

        private CompletionStage<Message> ask(int i) {
            Server server = servers.get(i);
            return server.ask(query).handle((answer, e) -> {
                if (e != null) {
                    failure = new IOException(server + ": " + words(e));
                    return server.up().thenCompose(_ -> next());
                }
                try {
                    Message screened = Screen.screened(answer);
                    preferred = i;
                    return CompletableFuture.completedStage(screened);
                } catch (Screen.NoAnswer no) {
                    left.removeIf(other -> other == i);
                    failure = new IOException(server + ": " + no.getMessage());
                    return next();
                }
            }).thenCompose(s -> s);
        }
    }

    private static String words(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof java.util.concurrent.TimeoutException ? "no answer in time"
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Questions under way are given up at their next step. */
    void close() {
        CompletableFuture<Void> ended;
        synchronized (this) {
            closed = true;
            down = false;
            ended = back;
        }
        servers.forEach(Server::close);
        turnstile.open();
        ended.complete(null);
    }

    /** Each with whether it answers. */
    String report() {
        return servers.stream().map(s -> s + (s.down() ? " (does not answer)" : ""))
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return servers.stream().map(Server::toString).collect(Collectors.joining(", "));
    }

    // What dnsjava may set on a single server is fixed here.

    @Override
    public void setPort(int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTCP(boolean flag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTSIGKey(TSIG key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTimeout(Duration timeout) {
        throw new UnsupportedOperationException();
    }
}
