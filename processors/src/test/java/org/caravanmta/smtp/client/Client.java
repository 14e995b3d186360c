package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.DomainSettings.Timeouts;
import org.caravanmta.config.Login;
import org.caravanmta.config.Rate;
import org.caravanmta.config.tls.ClientTls;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.tls.TlsClient;
import org.caravanmta.tls.TlsDemand;
import org.caravanmta.tls.TlsProvider;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;

/** The client under test with its owner: keeps what it was told, and checks that it was told each thing once. */
final class Client implements SmtpConnection.Listener, AutoCloseable {

    enum Transport {
        NIO, EPOLL;

        private static final EventLoopGroup NIO_LOOP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private static final EventLoopGroup EPOLL_LOOP = new MultiThreadIoEventLoopGroup(1,
                EpollIoHandler.newFactory());

        EventLoop loop() {
            return (this == NIO ? NIO_LOOP : EPOLL_LOOP).next();
        }
    }

    record Finished(TransactionResult result, boolean reusable) {
        Failure failure() {
            return result.message();
        }
    }

    static final Timeouts PATIENT = timeouts(Duration.ofSeconds(10), Duration.ZERO);

    static Timeouts timeouts(Duration each, Duration idle) {
        return new Timeouts(each, each, each, each, each, each, idle);
    }

    private final EventLoop loop;
    private final AtomicInteger readyOrFailed = new AtomicInteger();
    private final AtomicInteger finishedCount = new AtomicInteger();
    private final AtomicInteger closedCount = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final CompletableFuture<Failure> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private Timeouts timeouts = PATIENT;
    private boolean ignorePipelining;
    private boolean ignore8bitmime;
    private InetAddress source;
    private TlsDemand demand = TlsDemand.NEVER;
    private ClientTls tls = ClientTls.DEFAULT;
    private Login login;
    private TlsClient provider = new TlsClient(TlsProvider.fastest());
    private volatile SmtpConnection connection;
    private volatile Runnable onFinished = () -> {
    };

    Client(Transport transport) {
        this.loop = transport.loop();
    }

    Client timeouts(Timeouts t) {
        timeouts = t;
        return this;
    }

    Client ignorePipelining() {
        ignorePipelining = true;
        return this;
    }

    Client ignore8bitmime() {
        ignore8bitmime = true;
        return this;
    }

    Client source(String address) throws Exception {
        source = InetAddress.getByName(address);
        return this;
    }

    Client tls(TlsProvider by, TlsDemand wanted) {
        provider = new TlsClient(by);
        demand = wanted;
        return this;
    }

    Client login(Login account) {
        login = account;
        return this;
    }

    /** Runs in the callback. */
    Client onFinished(Runnable r) {
        onFinished = r;
        return this;
    }

    Client connect(ScriptedPeer peer) throws Exception {
        return connect(peer.address());
    }

    Client connect(InetSocketAddress remote) throws Exception {
        DomainSettings settings = new DomainSettings(List.of(), 20, Rate.UNLIMITED, 0, 100,
                List.of(Duration.ofMinutes(10)), Duration.ofMinutes(1), Duration.ofDays(4), 25, 10, true, false,
                ignorePipelining,
                ignore8bitmime, false, false, timeouts, DomainSettings.Limits.NONE);
        ConnectRequest request = new ConnectRequest(remote, "mx.example", source, "out.example",
                settings.with(tls, login), demand);
        connection = loop.submit(() -> new SmtpConnector(provider).connect(request, loop, this)).get(10,
                TimeUnit.SECONDS);
        return this;
    }

    Client ready() throws Exception {
        assertThat(opened.get(10, TimeUnit.SECONDS)).as("failure").isNull();
        return this;
    }

    Failure failed() throws Exception {
        Failure f = opened.get(10, TimeUnit.SECONDS);
        assertThat(f).as("failure").isNotNull();
        awaitClosed();
        return f;
    }

    SmtpConnection connection() {
        return connection;
    }

    void start(QueuedMessage message) {
        sent.incrementAndGet();
        loop.execute(() -> connection.send(message));
    }

    Finished send(QueuedMessage message) throws Exception {
        start(message);
        return finished();
    }

    Finished finished() throws Exception {
        Finished f = finished.poll(10, TimeUnit.SECONDS);
        assertThat(f).as("finished").isNotNull();
        return f;
    }

    void quit() {
        loop.execute(connection::quit);
    }

    void abort(String reason) {
        loop.execute(() -> connection.abort(reason));
    }

    void awaitClosed() throws Exception {
        closed.get(10, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public void ready(SmtpConnection c) {
        event(c, readyOrFailed, () -> opened.complete(null));
    }

    @Override
    public void failed(SmtpConnection c, Failure failure) {
        event(c, readyOrFailed, () -> opened.complete(failure));
    }

    @Override
    public void finished(SmtpConnection c, TransactionResult result, boolean reusable) {
        event(c, finishedCount, () -> finished.add(new Finished(result, reusable)));
        onFinished.run();
    }

    @Override
    public void closed(SmtpConnection c) {
        event(c, closedCount, () -> closed.complete(null));
    }

    private void event(SmtpConnection c, AtomicInteger count, Runnable tell) {
        assertThat(loop.inEventLoop()).isTrue();
        count.incrementAndGet();
        tell.run();
    }

    /** Aborts what is left, lets the loop settle and checks that each callback came once. */
    @Override
    public void close() {
        if (connection == null)
            return;
        abort("test ends");
        closed.orTimeout(10, TimeUnit.SECONDS).join();
        CompletableFuture.runAsync(() -> {
        }, loop).orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(readyOrFailed).hasValue(1);
        assertThat(finishedCount).hasValue(sent.get());
        assertThat(closedCount).hasValue(1);
    }

    static QueuedMessage message(String content, String... recipients) {
        return message(new MessageContent.Inline(content.getBytes(StandardCharsets.UTF_8)), recipients);
    }

    static QueuedMessage message(MessageContent content, String... recipients) {
        return message(content, BodyType.SEVEN_BIT, false, "from@example.org", recipients);
    }

    static QueuedMessage message(MessageContent content, BodyType body, boolean utf8, String reversePath,
            String... recipients) {
        return new QueuedMessage("v", "example.com", reversePath, Stream.of(recipients).map(Recipient::new).toList(),
                body, utf8, null, null, 0, 0, "smtp", "", null, content);
    }
}
