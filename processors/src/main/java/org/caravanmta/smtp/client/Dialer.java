package org.caravanmta.smtp.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.caravanmta.smtp.Failure.Cause;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;

/**
 * Registers, binds and connects one socket. Binding is a step of its own, so that a source address missing on this
 * machine and running out of ports at connect, both EADDRNOTAVAIL, are told apart.
 */
final class Dialer {

    /** One of both is called, once, unless the channel is closed before. */
    interface Outcome {
        void connected();

        void failed(Cause cause, String detail);
    }

    private final Channel channel;
    private final ConnectRequest request;
    private final Outcome outcome;
    private final String host;

    Dialer(Channel channel, ConnectRequest request, Outcome outcome) {
        this.channel = channel;
        this.request = request;
        this.outcome = outcome;
        this.host = NetworkTrouble.host(request.remoteName(), request.remote());
    }

    void dial(EventLoop loop) {
        loop.register(channel).addListener((ChannelFuture f) -> {
            if (f.isSuccess())
                bind(request.source());
            else
                unreachable(f.cause());
        });
    }

    private void bind(InetAddress source) {
        if (source == null) {
            connect();
        } else if (source.getClass() != request.remote().getAddress().getClass()) {
            outcome.failed(Cause.NO_CONNECTION,
                    "EAFNOSUPPORT connecting to " + host + " from " + source.getHostAddress());
        } else {
            channel.bind(new InetSocketAddress(source, 0)).addListener((ChannelFuture f) -> {
                if (f.isSuccess())
                    connect();
                else
                    unbound(source, NetworkTrouble.name(f.cause()));
            });
        }
    }

    private void unbound(InetAddress source, String error) {
        boolean missing = error.equals("EADDRNOTAVAIL");
        outcome.failed(missing ? Cause.SOURCE_ADDRESS_MISSING : Cause.NO_CONNECTION,
                error + " binding " + source.getHostAddress() + " to connect to " + host);
    }

    private void connect() {
        channel.connect(request.remote()).addListener((ChannelFuture f) -> {
            if (f.isSuccess())
                outcome.connected();
            else
                unreachable(f.cause());
        });
    }

    private void unreachable(Throwable why) {
        outcome.failed(Cause.NO_CONNECTION, NetworkTrouble.name(why) + " connecting to " + host);
    }
}
