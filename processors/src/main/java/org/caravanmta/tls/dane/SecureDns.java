package org.caravanmta.tls.dane;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.caravanmta.tls.dane.SecureAnswer.Status;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Asks recursive name servers and proves their answers by DNSSEC itself, from the trust anchors down: nothing has to be
 * believed of the servers but that they hand over signatures. Each server is asked twice at most, in their order, until
 * an answer can be relied on.
 * <p>
 * Answers are not kept here; keys are. Safe for any thread; answers come on the thread {@code dnssec}, which does the
 * arithmetic.
 */
final class SecureDns implements AutoCloseable {

    private static final int ROUNDS = 2;
    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(30);

    private final ExecutorService executor = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("dnssec").factory());
    private final List<ValidatingResolver> resolvers = new ArrayList<>();

    /**
     * @param nameServers recursive ones in the order to ask; empty means the system's
     * @param anchors     DS or DNSKEY records in the words of a zone file, at least one
     * @throws IOException the anchors are no such records
     */
    SecureDns(List<InetSocketAddress> nameServers, String anchors) throws IOException {
        this(nameServers, anchors, QUESTION_TIMEOUT);
    }

    SecureDns(List<InetSocketAddress> nameServers, String anchors, Duration questionTimeout) throws IOException {
        for (InetSocketAddress server : nameServers.isEmpty() ? ResolverConfig.getCurrentConfig().servers()
                : nameServers) {
            SimpleResolver plain = new SimpleResolver(server);
            plain.setTimeout(questionTimeout);
            ValidatingResolver v = new ValidatingResolver(new ToldResolver(plain));
            v.loadTrustAnchors(new ByteArrayInputStream(anchors.getBytes(StandardCharsets.US_ASCII)));
            if (v.getTrustAnchors().items().isEmpty())
                throw new IOException("no DS or DNSKEY record among the trust anchors");
            resolvers.add(v);
        }
    }

    /** Never completes exceptionally. */
    CompletionStage<SecureAnswer> ask(Name name, int type) {
        return ask(name, type, 0).toCompletableFuture()
                .completeOnTimeout(
                        AnswerReader.failed(name, type, "no answer within " + LOOKUP_TIMEOUT.toSeconds() + " s"),
                        LOOKUP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<SecureAnswer> ask(Name name, int type, int attempt) {
        Question question = new Question(executor);
        CompletionStage<Message> sent;
        try {
            sent = resolvers.get(attempt % resolvers.size())
                    .sendAsync(Message.newQuery(Record.newRecord(name, type, DClass.IN)), question);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedFuture(e);
        }
        return sent.handle((m, e) -> e == null ? AnswerReader.read(name, type, m, question.trouble)
                : AnswerReader.failed(name, type, words(e))).thenCompose(a -> {
                    boolean more = attempt + 1 < ROUNDS * resolvers.size() && !executor.isShutdown();
                    return a.status() == Status.FAILED && more ? ask(name, type, attempt + 1)
                            : CompletableFuture.completedStage(a);
                });
    }

    private static String words(Throwable e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** One question with all that dnsjava asks on its behalf. It is handed down as the executor of each of them. */
    private static final class Question implements Executor {

        private final Executor executor;
        private volatile String trouble;

        Question(Executor executor) {
            this.executor = executor;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }
    }

    /** Tells a question what went wrong on its behalf. */
    private static final class ToldResolver extends DelegatedResolver {

        ToldResolver(SimpleResolver to) {
            super(to);
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            return super.sendAsync(query, executor).whenComplete((_, e) -> {
                if (e != null && executor instanceof Question q)
                    q.trouble = words(e);
            });
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
