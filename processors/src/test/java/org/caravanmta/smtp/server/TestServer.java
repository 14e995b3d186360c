package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.tls.TlsProvider;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * The server under test on a loopback port. At its end it checks that no connection is counted, no buffer is kept and
 * no spool file is left.
 */
final class TestServer implements AutoCloseable {

    enum Transport {
        NIO(NioServerSocketChannel.class), EPOLL(EpollServerSocketChannel.class);

        private static final EventLoopGroup NIO_LOOP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private static final EventLoopGroup EPOLL_LOOP = new MultiThreadIoEventLoopGroup(1,
                EpollIoHandler.newFactory());

        private final Class<? extends ServerChannel> channel;

        Transport(Class<? extends ServerChannel> channel) {
            this.channel = channel;
        }

        private EventLoopGroup loop() {
            return this == NIO ? NIO_LOOP : EPOLL_LOOP;
        }
    }

    private final String directives;
    private final Submissions submissions = new Submissions();
    private final Segments segments = new Segments();
    private final Events events = new Events();
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private Transport transport = Transport.NIO;
    private String rights = "always-allow-relaying: yes, process-x-virtual-mta: yes, add-received-header: no";
    private int inlineLimitBytes = Intake.DEFAULT_INLINE_LIMIT_BYTES;
    private TlsProvider provider = TlsProvider.JDK;
    private boolean immediateTls;
    private InboundTls tls;
    private Clock clock = Clock.systemUTC();
    private volatile CaravanConfig config;
    private volatile Reply refusal;
    private Path spool;
    private SmtpServerContext context;
    private Channel listener;

    /** @param directives of the configuration's top level */
    TestServer(String... directives) {
        this.directives = String.join("\n", directives);
    }

    TestServer transport(Transport value) {
        transport = value;
        return this;
    }

    /** What clients on loopback may do. */
    TestServer rights(String value) {
        rights = value;
        return this;
    }

    TestServer inlineLimitBytes(int value) {
        inlineLimitBytes = value;
        return this;
    }

    TestServer provider(TlsProvider value) {
        provider = value;
        return this;
    }

    TestServer immediateTls() {
        immediateTls = true;
        return this;
    }

    TestServer clock(Clock value) {
        clock = value;
        return this;
    }

    TestServer answer(Submissions.Answer value) {
        submissions.answer(value);
        return this;
    }

    TestServer start() throws Exception {
        config = config(rights, directives);
        spool = Files.createTempDirectory("caravan-smtp-in");
        tls = new InboundTls(() -> provider);
        tls.use(tls.prepare(config.serverTls()));
        context = SmtpServerContext
                .builder(() -> config, Intake.open(spool, inlineLimitBytes, () -> refusal, clock))
                .observer(events).tls(tls).build();
        listener = new ServerBootstrap().group(transport.loop()).channel(transport.channel)
                .childOption(ChannelOption.ALLOCATOR, memory)
                .childOption(ChannelOption.SO_SNDBUF, Talk.SOCKET_BUFFER_BYTES)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel c) {
                        c.pipeline().addLast(segments);
                        SmtpServerPipeline.install(c.pipeline(), context, null, immediateTls);
                        c.pipeline().addLast(submissions.handler());
                        channels.add(c);
                    }
                }).bind("127.0.0.1", 0).sync().channel();
        return this;
    }

    static CaravanConfig config(String rights, String directives) {
        var read = ConfigReader.readText("test.yaml", "smtp-listener: \"127.0.0.1:0\"\nhost-name: mta.example\n"
                + "source: { 127.0.0.0/8: { " + rights + " } }\n" + directives, () -> "unused.example");
        assertThat(read.problems()).isEmpty();
        return read.config();
    }

    /** A reload: the next MAIL and the next connection see it. */
    void reload(String newRights, String newDirectives) throws IOException {
        config = config(newRights, newDirectives);
        tls.use(tls.prepare(config.serverTls()));
    }

    /** What MAIL is answered from now on; null: mail is taken. */
    void refuse(Reply reply) {
        refusal = reply;
    }

    /** Connected; nothing has been read yet. */
    Talk connect() throws Exception {
        return connect("127.0.0.1");
    }

    Talk connect(String clientAddress) throws Exception {
        return new Talk(clientAddress, (InetSocketAddress) listener.localAddress(), segments);
    }

    /** Connected, greeted, and introduced by EHLO. */
    Talk client() throws Exception {
        Talk t = connect();
        t.hello();
        return t;
    }

    /** Connections wait in the operating system until {@link #acceptConnections}. */
    void holdConnections() throws Exception {
        inLoop(() -> listener.config().setAutoRead(false));
    }

    void acceptConnections() {
        listener.config().setAutoRead(true);
    }

    /** The next message that was handed on; fails when none comes. */
    Submissions.Taken taken() throws Exception {
        return submissions.take();
    }

    boolean nothingTaken() {
        return submissions.isEmpty();
    }

    List<String> events() {
        return events.seen();
    }

    SmtpServerContext context() {
        return context;
    }

    Segments segments() {
        return segments;
    }

    UnpooledByteBufAllocator memory() {
        return memory;
    }

    /** The server's end of the latest connection. */
    Channel channel() {
        await().atMost(10, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(2)).until(() -> !channels.isEmpty());
        return channels.getLast();
    }

    /** Runs on the event loop, behind what it has to do now. */
    <T> T inLoop(Callable<T> task) throws Exception {
        return listener.eventLoop().submit(task).get(10, TimeUnit.SECONDS);
    }

    Path spool() {
        return spool;
    }

    /** Bodies of large messages that lie in the spool folder now. */
    List<Path> spooled() throws IOException {
        try (Stream<Path> files = Files.list(spool)) {
            return files.toList();
        }
    }

    @Override
    public void close() throws IOException {
        submissions.discardAll();
        context.close();
        listener.close().syncUninterruptibly();
        eventually("every connection is closed and no longer counted", () -> context.openConnections() == 0
                && channels.stream().noneMatch(Channel::isOpen));
        eventually("every buffer is released",
                () -> memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory() == 0);
        eventually("no spool file is left", () -> spooled().isEmpty());
        Files.delete(spool);
    }

    static void eventually(String what, Callable<Boolean> condition) {
        await(what).atMost(10, TimeUnit.SECONDS).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2))
                .until(condition);
    }
}
