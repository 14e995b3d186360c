package org.caravanmta.tls.sts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;

/**
 * Fetches one small text file over HTTPS, once: no redirects, no cookies, no proxies, no compression, at most so many
 * bytes and so much time. The certificate has to be valid for the name.
 * <p>
 * {@code java.net.http} is not used because it finds addresses by itself, past the name servers of the operator. Any
 * thread; everything of one fetch happens on its event loop.
 */
final class HttpsGet {

    static final int MOST_BYTES = 64 << 10;
    static final Duration TIMEOUT = Duration.ofSeconds(50);
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int MOST_ADDRESSES = 4;
    private static final int MOST_HEADER_BYTES = 16 << 10;

    private final SslContext tls;
    private final int port;
    private final Duration timeout;

    /**
     * @param tls  a client's, that checks host names
     * @param port 443, but in tests
     */
    HttpsGet(SslContext tls, int port, Duration timeout) {
        this.tls = tls;
        this.port = port;
        this.timeout = timeout;
    }

    /**
     * The file as text. Fails with an {@link IOException} whose message says why, in one line.
     *
     * @param addresses those of the host, not empty; the next is tried when one does not answer
     */
    CompletionStage<String> get(EventLoop loop, String host, List<InetAddress> addresses, String path) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        var late = loop.schedule(() -> answer.completeExceptionally(
                new IOException("no answer within " + timeout.toSeconds() + " s")), timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        answer.whenComplete((_, _) -> late.cancel(false));
        connect(loop, host, addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size())), path, answer);
        return answer;
    }

    private void connect(EventLoop loop, String host, List<InetAddress> addresses, String path,
            CompletableFuture<String> answer) {
        InetSocketAddress to = new InetSocketAddress(addresses.getFirst(), port);
        Bootstrap client = new Bootstrap().group(loop).channel(socket(loop))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel c) {
                        // once it is connected: a TLS handler would tell a failed connection as one of TLS
                    }
                });
        client.connect(to).addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess())
                speak(connected.channel(), host, path, answer);
            else if (addresses.size() > 1 && !answer.isDone())
                connect(loop, host, addresses.subList(1, addresses.size()), path, answer);
            else
                answer.completeExceptionally(new IOException("cannot connect to " + to));
        });
    }

    private static Class<? extends Channel> socket(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class) ? EpollSocketChannel.class
                : NioSocketChannel.class;
    }

    private void speak(Channel channel, String host, String path, CompletableFuture<String> answer) {
        answer.whenComplete((_, _) -> channel.close());
        SslHandler handler = tls.newHandler(channel.alloc(), host, port);
        handler.setHandshakeTimeoutMillis(timeout.toMillis());
        handler.handshakeFuture().addListener((Future<Channel> done) -> {
            if (done.isSuccess())
                ask(channel, host, path);
            else
                answer.completeExceptionally(new IOException("TLS: " + words(done.cause())));
        });
        channel.pipeline().addLast(handler, new HttpClientCodec(4096, MOST_HEADER_BYTES, 8192),
                new HttpObjectAggregator(MOST_BYTES), new Answer(answer));
    }

    private void ask(Channel channel, String host, String path) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().set(HttpHeaderNames.HOST, port == 443 ? host : host + ":" + port)
                .set(HttpHeaderNames.ACCEPT, "text/plain")
                .set(HttpHeaderNames.USER_AGENT, "Caravan")
                .set(HttpHeaderNames.CONNECTION, "close");
        channel.writeAndFlush(request);
    }

    private static String words(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root)
            root = root.getCause();
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return text.lines().findFirst().orElse("");
    }

    /** What the host says. */
    private static final class Answer extends SimpleChannelInboundHandler<FullHttpResponse> {

        private final CompletableFuture<String> answer;

        Answer(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            int status = response.status().code();
            CharSequence type = HttpUtil.getMimeType(response);
            if (response.decoderResult().isFailure())
                fail("no HTTP answer");
            else if (status != 200)
                fail("HTTP status " + status);
            else if (type == null || !"text/plain".equalsIgnoreCase(type.toString().strip()))
                fail("the file is not text/plain");
            else if (response.headers().contains(HttpHeaderNames.CONTENT_ENCODING))
                fail("the file is compressed");
            else
                answer.complete(response.content().toString(StandardCharsets.UTF_8));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail("the connection was closed before the answer");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable e) {
            fail(words(e));
        }

        private void fail(String why) {
            answer.completeExceptionally(new IOException(why));
        }
    }
}
