package org.caravanmta.sink;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** A running test MX. */
public final class Sink implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup loops;
    private final List<Channel> channels = new ArrayList<>();
    private final SinkCounters counters = new SinkCounters();

    /**
     * @param addresses to listen on; port 0 takes a free one
     * @param listener  called on an event loop for each message taken; null when nobody looks
     */
    public Sink(List<InetSocketAddress> addresses, SinkScript script, Consumer<ReceivedMail> listener) {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = Epoll.isAvailable() ? EpollServerSocketChannel.class
                : NioServerSocketChannel.class;
        loops = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("sink", true), io);
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(type)
                .option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new SinkSession(script, counters, listener));
                    }
                });
        try {
            for (InetSocketAddress a : addresses)
                channels.add(bootstrap.bind(a).syncUninterruptibly().channel());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public Sink(InetSocketAddress address, SinkScript script, Consumer<ReceivedMail> listener) {
        this(List.of(address), script, listener);
    }

    /** The first address it listens on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channels.getFirst().localAddress();
    }

    /** All of them; real ports. */
    public List<InetSocketAddress> addresses() {
        return channels.stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
    }

    public SinkCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        channels.forEach(c -> c.close().awaitUninterruptibly(5, TimeUnit.SECONDS));
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
