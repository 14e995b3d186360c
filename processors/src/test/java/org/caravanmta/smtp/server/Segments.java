package org.caravanmta.smtp.server;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts what the server has read, so that a test can send a segment that surely arrives alone. */
@Sharable
final class Segments extends ChannelInboundHandlerAdapter {

    private long sent;
    private long seen;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        int bytes = ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
        count(bytes);
    }

    private synchronized void count(int bytes) {
        seen += bytes;
        notifyAll();
    }

    synchronized void sent(int bytes) {
        sent += bytes;
    }

    synchronized long seen() {
        return seen;
    }

    /** Until the server has worked on everything that was sent to it. */
    synchronized void awaitAll() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (seen < sent) {
            if (System.nanoTime() > deadline)
                throw new AssertionError("the server has read " + seen + " of " + sent + " bytes");
            wait(1_000);
        }
    }
}
