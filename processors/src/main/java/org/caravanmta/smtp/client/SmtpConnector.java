package org.caravanmta.smtp.client;

import org.caravanmta.tls.TlsClient;
import org.caravanmta.tls.TlsProvider;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** Opens outbound SMTP connections. Keeps TLS sessions only; one is enough for all event loops. */
public final class SmtpConnector {

    private final TlsClient tls;

    public SmtpConnector() {
        this(new TlsClient(TlsProvider.fastest()));
    }

    public SmtpConnector(TlsClient tls) {
        this.tls = tls;
    }

    /**
     * Starts to connect; to be called on {@code loop}, epoll or NIO, which then owns the connection. The listener is
     * never called before this method has returned.
     * <p>
     * The source address is bound without a port where the system can (epoll: {@code IP_BIND_ADDRESS_NO_PORT}), so that
     * the ports of one address are shared by all destinations instead of running out at some 28,000 connections.
     */
    public SmtpConnection connect(ConnectRequest request, EventLoop loop, SmtpConnection.Listener listener) {
        ClientConnection connection = new ClientConnection(request, loop, listener, tls);
        loop.execute(connection::open);
        return connection;
    }

    /** A socket that is not yet registered, with our options set. */
    static Channel channel(EventLoop loop) {
        boolean epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        Channel channel = epoll ? new EpollSocketChannel() : new NioSocketChannel();
        var config = channel.config();
        if (epoll)
            config.setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        else
            config.setOption(ChannelOption.SO_REUSEADDR, true);
        config.setOption(ChannelOption.TCP_NODELAY, true);
        // Timed by the connection's own deadline.
        config.setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
        // After a failed write the peer's last words are still to be read: a 421 before it closed.
        config.setOption(ChannelOption.AUTO_CLOSE, false);
        return channel;
    }
}
