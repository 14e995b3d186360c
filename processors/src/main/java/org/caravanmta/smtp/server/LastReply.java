package org.caravanmta.smtp.server;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Sends the last reply of a connection so that the client can read it: closing a socket with unread input resets the
 * connection, and the reset may overtake the reply. So our side is shut first, and the socket is closed when the client
 * closes, or after {@value #LINGER_SECONDS} seconds, even if the client has read nothing by then.
 */
final class LastReply {

    private static final int LINGER_SECONDS = 2;

    private LastReply() {
    }

    static void send(ChannelHandlerContext ctx, ByteBuf reply) {
        Channel channel = ctx.channel();
        var linger = ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> linger.cancel(false));
        ctx.writeAndFlush(reply).addListener(written -> {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (written.isSuccess() && channel instanceof DuplexChannel duplex && tls != null)
                tls.closeOutbound().addListener(_ -> shutdown(duplex));
            else if (written.isSuccess() && channel instanceof DuplexChannel duplex)
                shutdown(duplex);
            else
                ctx.close();
        });
    }

    private static void shutdown(DuplexChannel channel) {
        channel.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
