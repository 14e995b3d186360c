package org.caravanmta.smtp.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.server.SmtpSession.Phase;
import org.caravanmta.submission.intake.Handover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Between one channel and its {@link SmtpSession}: feeds bytes in, sends replies out batch by batch, hands messages to
 * the next handler, and stops reading while a message waits for its answer and more has already come. All state belongs
 * to the channel's event loop; only {@link #drain()} and {@link #close()} may be called from elsewhere.
 */
final class SmtpServerHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpServerHandler.class);

    private static final String TLS = "tls";

    private final SmtpServerContext context;
    private final String listenerSource;
    private final boolean immediateTls;
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>(0);
    private ChannelHandlerContext ctx;
    private InetAddress client;
    private ReplyBuffer replies;
    private SmtpSession session;
    private SessionTimer timer;
    private boolean feeding;
    private boolean hungUp;

    /**
     * @param listenerSource the listener's named source; null when it has none
     * @param immediateTls   TLS from the first byte
     */
    SmtpServerHandler(SmtpServerContext context, String listenerSource, boolean immediateTls) {
        this.context = context;
        this.listenerSource = listenerSource;
        this.immediateTls = immediateTls;
    }

    @Override
    public void channelActive(ChannelHandlerContext c) {
        ctx = c;
        replies = new ReplyBuffer(c.alloc());
        if (!(c.channel().remoteAddress() instanceof InetSocketAddress remote)) {
            c.close();
            return;
        }
        client = remote.getAddress();
        InetAddress local = c.channel().localAddress() instanceof InetSocketAddress l ? l.getAddress() : null;
        session = new SmtpSession(context, client, local, listenerSource, replies);
        byte[] refusal = session.source().smtpService()
                ? context.connections().admit(this, client, session.config().smtpIn())
                : Replies.NO_SERVICE;
        c.fireChannelActive();
        if (immediateTls) {
            session.expectHandshake();
            beginTls();
        }
        if (refusal == null) {
            begin();
        } else {
            context.observer().connectionRefused(client, Replies.code(refusal));
            session.hangUp(refusal);
            flushReplies();
        }
    }

    private void begin() {
        context.observer().connectionAccepted(client);
        timer = new SessionTimer(ctx.executor(), session, this::expire);
        if (!immediateTls)
            greetSoon();
    }

    private void greetSoon() {
        // One look at the socket before the greeting: a client that already talks is no SMTP client (RFC 5321 §3.1).
        if (ctx.channel().eventLoop() instanceof SingleThreadEventLoop loop)
            loop.executeAfterEventLoopIteration(() -> loop.execute(this::greet));
        else
            greet();
    }

    /** From here on all bytes pass through TLS, in both directions. */
    private void beginTls() {
        SslHandler tls = context.tls().handler(ctx.alloc(), session.config().smtpIn().commandTimeout());
        if (tls == null)
            ctx.close(); // the certificate comes or goes with a reload in this moment
        else
            ctx.pipeline().addBefore(ctx.name(), TLS, tls);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext c, Object event) {
        if (event instanceof SslHandshakeCompletionEvent end && session != null)
            handshakeEnded(end);
        c.fireUserEventTriggered(event);
    }

    private void handshakeEnded(SslHandshakeCompletionEvent end) {
        if (!end.isSuccess()) {
            LOG.debug("no TLS with {}: {}", client, end.cause().toString());
            context.observer().handshakeFailed(client);
            ctx.close();
            return;
        }
        SSLSession layer = ctx.pipeline().get(SslHandler.class).engine().getSession();
        session.secured(new Handover.Tls(layer.getProtocol(), layer.getCipherSuite()));
        if (session.phase() == Phase.GREETING)
            greetSoon();
        session.leaveWhenDraining();
        flushReplies();
    }

    private void greet() {
        if (session.phase() != Phase.GREETING || !ctx.channel().isActive())
            return;
        session.greet();
        session.leaveWhenDraining();
        flushReplies();
    }

    @Override
    public void channelRead(ChannelHandlerContext c, Object message) {
        if (session == null || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        pending.add(in);
        if (!feeding)
            feed();
    }

    /** Gives the session what has come, until a message waits for its answer. */
    private void feed() {
        feeding = true;
        try {
            while (!pending.isEmpty() && session.phase() != Phase.SUBMITTED) {
                ByteBuf in = pending.peek();
                session.accept(in);
                if (!in.isReadable() || session.phase() == Phase.CLOSING)
                    pending.remove().release();
                SubmittedMessage ready = session.takeSubmitted();
                if (ready != null) {
                    context.observer().messageSubmitted(ready);
                    ctx.fireChannelRead(ready);
                }
            }
            if (session.phase() == Phase.HANDSHAKE)
                goAhead();
        } finally {
            feeding = false;
        }
    }

    private void goAhead() {
        session.goAhead();
        ctx.writeAndFlush(replies.take(), ctx.voidPromise());
        beginTls();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext c) {
        if (session != null) {
            flushReplies();
            c.flush(); // an answer may have been written during the read
        }
        c.fireChannelReadComplete();
    }

    /** Sends what was answered, and goes on or ends as the session says. */
    private void flushReplies() {
        if (timer != null && session.takeProgress())
            timer.touch();
        boolean last = session.phase() == Phase.CLOSING && !hungUp;
        if (last) {
            hungUp = true;
            LastReply.send(ctx, replies.take());
        } else if (!replies.isEmpty()) {
            ctx.writeAndFlush(replies.take(), ctx.voidPromise());
        }
        regulateReading();
    }

    /** Back-pressure: nothing is read while unread bytes wait here or the client does not read our replies. */
    private void regulateReading() {
        boolean read = pending.isEmpty() && (hungUp || ctx.channel().isWritable());
        if (ctx.channel().config().isAutoRead() != read)
            ctx.channel().config().setAutoRead(read);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext c) {
        if (session != null)
            regulateReading();
        c.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext c, Object message, ChannelPromise promise) {
        Reply reply = message instanceof Reply r && ReplyCheck.endsData(r) ? r : null;
        if (reply == null) {
            LOG.error("the submission answered with {}", message);
            ReferenceCountUtil.release(message);
        }
        if (session == null || session.phase() != Phase.SUBMITTED) {
            promise.tryFailure(new IllegalStateException("no message waits for an answer"));
            return;
        }
        session.answer(reply);
        if (session.phase() == Phase.CLOSING)
            promise.trySuccess();
        else
            c.write(replies.take(), promise);
        if (!feeding) {
            feed();
            flushReplies();
            c.flush();
        }
    }

    /** Whoever closes the connection instead of answering has not taken the message. */
    @Override
    public void close(ChannelHandlerContext c, ChannelPromise promise) {
        if (session != null && session.phase() == Phase.SUBMITTED && c.channel().isActive()) {
            session.answer(null);
            session.hangUp(Replies.BROKEN);
            hungUp = true;
            c.writeAndFlush(replies.take());
        }
        c.close(promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext c, Throwable cause) {
        boolean network = cause instanceof IOException
                || cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (network)
            LOG.debug("connection of {} lost: {}", client, cause.toString());
        else
            LOG.error("in the connection of {}", client, cause);
        if (session == null || network) {
            c.close();
        } else if (session.phase() == Phase.SUBMITTED) {
            write(c, cause, c.newPromise());
        } else if (session.phase() != Phase.CLOSING) {
            session.hangUp(Replies.BROKEN);
            flushReplies();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext c) {
        if (timer != null) {
            timer.cancel();
            context.connections().leave(this, client);
            context.observer().connectionClosed(client);
        }
        if (session != null) {
            session.abandon();
            replies.take().release();
        }
        pending.forEach(ByteBuf::release);
        pending.clear();
        c.fireChannelInactive();
    }

    /** A client that was silent for too long, or a message that nobody answered. */
    private void expire() {
        if (session.phase() == Phase.SUBMITTED) {
            LOG.error("a message of {} was not answered in time", client);
            session.answer(null);
        }
        session.hangUp(Replies.TIMEOUT);
        flushReplies();
    }

    /** The gateway shuts down: says so as soon as the session is idle. Any thread. */
    void drain() {
        ctx.executor().execute(() -> {
            session.leaveWhenDraining();
            flushReplies();
        });
    }

    /** At once. Any thread. */
    void close() {
        ctx.channel().close();
    }
}
