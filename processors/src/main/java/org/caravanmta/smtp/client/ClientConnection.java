package org.caravanmta.smtp.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;

/**
 * The life of one connection: {@link Dialer}, greeting, EHLO, then transactions one at a time, QUIT. What is said inside
 * a transaction is {@link Transaction}'s business. Everything happens on the event loop.
 * <p>
 * Each callback of the listener is made from one place, so that it is made exactly once: {@link #fail} (failed),
 * {@link #finish} (finished), {@link #gone} (closed).
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements SmtpConnection, Dialer.Outcome {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final Duration QUIT_WAIT = Duration.ofSeconds(5);
    /** After its reply to QUIT the peer closes (RFC 5321 §4.1.1.10); until then it counts the connection. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);
    /** After a failed write: how long the peer's last words may still be under way. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private enum State {
        CONNECT, GREETING, EHLO, HELO, IDLE, BUSY, QUIT, CLOSED
    }

    private final ConnectRequest request;
    private final EventLoop loop;
    private final Listener listener;
    private final Deadline deadline;
    private final ReplyReader reader = new ReplyReader();
    private final ChannelFutureListener written = this::written;
    private State state = State.CONNECT;
    private Channel channel;
    private Peer peer;
    private Extensions extensions = Extensions.NONE;
    private Transaction transaction;
    private boolean resetNeeded;
    private boolean quitWanted;
    private boolean writeFailed;
    private boolean gone;
    private Reply ehloRefusal;
    /** The beginning of a reply whose end has not come; null when there is none. */
    private ByteBuf pending;
    private boolean moreInput;

    ClientConnection(ConnectRequest request, EventLoop loop, Listener listener) {
        this.request = request;
        this.loop = loop;
        this.listener = listener;
        this.deadline = new Deadline(loop, this::expired);
        this.peer = new Peer(request.remoteName(), request.remote(), null, "");
    }

    // ---- opening

    void open() {
        if (state == State.CLOSED) {
            gone();
            return;
        }
        try {
            channel = SmtpConnector.channel(loop);
        } catch (RuntimeException e) {
            fail(Stage.CONNECT, Cause.NO_CONNECTION, NetworkTrouble.name(e) + " connecting to " + host());
            gone();
            return;
        }
        deadline.in(timeouts().connect());
        channel.pipeline().addLast(this);
        channel.closeFuture().addListener(f -> gone());
        new Dialer(channel, request, this).dial(loop);
    }

    @Override
    public void connected() {
        if (state != State.CONNECT)
            return;
        state = State.GREETING;
        deadline.in(timeouts().greeting());
    }

    @Override
    public void failed(Cause cause, String detail) {
        fail(Stage.CONNECT, cause, detail);
    }

    // ---- what the peer says

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        if (pending != null) {
            pending.writeBytes(in);
            in.release();
            in = pending;
            pending = null;
        }
        try {
            replies(in);
            if (in.isReadable() && state != State.CLOSED)
                pending = ctx.alloc().buffer(Math.max(256, in.readableBytes())).writeBytes(in);
        } finally {
            in.release();
        }
    }

    private void replies(ByteBuf in) {
        while (state != State.CLOSED) {
            if (state == State.IDLE) {
                if (in.isReadable())
                    closeChannel();
                return;
            }
            int code = reader.next(in, textWanted());
            if (code == ReplyReader.MORE)
                return;
            moreInput = in.isReadable();
            if (code == ReplyReader.MALFORMED) {
                lost(Cause.PROTOCOL, "EPROTO: `" + reader.excerpt() + "` is not an SMTP reply, from " + host());
                return;
            }
            onReply(code);
        }
    }

    private boolean textWanted() {
        return state == State.EHLO || state == State.BUSY && transaction.textWanted();
    }

    private void onReply(int code) {
        switch (state) {
            case GREETING -> greeting(code);
            case EHLO -> ehlo(code);
            case HELO -> helo(code);
            case BUSY -> transaction.onReply(code);
            case QUIT -> deadline.in(CLOSE_WAIT);
            default -> lost(Cause.PROTOCOL, "EPROTO: reply " + code + " to nothing, from " + host());
        }
    }

    private void greeting(int code) {
        if (code >= 400)
            refused(Stage.GREETING, reader.reply());
        else if (code >= 300)
            lost(Cause.PROTOCOL, "EPROTO: greeting " + code + " from " + host());
        else
            hello(State.EHLO, "EHLO ");
    }

    private void hello(State next, String verb) {
        state = next;
        deadline.in(timeouts().command());
        ByteBuf out = channel.alloc().directBuffer(64);
        ByteBufUtil.writeUtf8(out, verb);
        ByteBufUtil.writeUtf8(out, request.ehloName());
        write(out.writeByte('\r').writeByte('\n'));
    }

    /** Whoever does not know EHLO is asked again in the old way (RFC 5321 §3.2). */
    private void ehlo(int code) {
        if (code >= 500) {
            ehloRefusal = reader.reply();
            hello(State.HELO, "HELO ");
        } else if (code >= 400) {
            refused(Stage.EHLO, reader.reply());
        } else if (code >= 300) {
            lost(Cause.PROTOCOL, "EPROTO: reply " + code + " to EHLO from " + host());
        } else {
            extensions = Extensions.parse(reader.textLines(), request.settings());
            ready();
        }
    }

    private void helo(int code) {
        if (code >= 400)
            refused(Stage.EHLO, reader.reply());
        else if (code >= 300)
            lost(Cause.PROTOCOL, "EPROTO: reply " + code + " to HELO from " + host());
        else
            ready();
    }

    private void ready() {
        ehloRefusal = null;
        peer = new Peer(peer.name(), peer.remote(), (InetSocketAddress) channel.localAddress(), extensions.keywords());
        if (moreInput) {
            lost(Cause.PROTOCOL, "EPROTO: more than one reply to EHLO from " + host());
            return;
        }
        idle();
        try {
            listener.ready(this);
        } catch (RuntimeException e) {
            listenerFailed(e);
        }
    }

    private void idle() {
        state = State.IDLE;
        Duration idle = timeouts().idle();
        if (idle.isZero())
            deadline.never();
        else
            deadline.in(idle);
    }

    // ---- transactions

    @Override
    public void send(QueuedMessage message) {
        if (transaction != null || state != State.IDLE && state != State.CLOSED && state != State.QUIT)
            throw new IllegalStateException("not ready for a transaction: " + state);
        boolean open = state == State.IDLE;
        transaction = new Transaction(this, message, extensions, resetNeeded);
        if (!open) {
            loop.execute(() -> transaction.lost(Cause.CONNECTION_LOST, "ENOTCONN: connection to " + host()
                    + " was closed before the transaction"));
            return;
        }
        state = State.BUSY;
        try {
            transaction.start();
        } catch (RuntimeException e) {
            LOG.error("Sending to {} failed", host(), e);
            loop.execute(() -> lost(Cause.CONNECTION_LOST, "internal error: " + e));
        }
    }

    /** Called by the transaction, once. {@code inStep}: both sides agree that the next command may follow. */
    void finish(TransactionResult result, boolean inStep, boolean resetFirst) {
        boolean reusable = inStep && state == State.BUSY && !moreInput && !quitWanted && !writeFailed;
        transaction = null;
        resetNeeded = resetFirst;
        if (reusable)
            idle();
        else if (quitWanted && inStep)
            sayQuit();
        else if (state != State.QUIT)
            closeChannel();
        try {
            listener.finished(this, result, reusable);
        } catch (RuntimeException e) {
            listenerFailed(e);
        }
    }

    /** For the transaction. */
    void write(ByteBuf out) {
        channel.writeAndFlush(out).addListener(written);
    }

    private void written(ChannelFuture f) {
        if (!f.isSuccess())
            writeFailed();
    }

    /** Nothing more can be said; the peer's last words may still come. */
    void writeFailed() {
        if (writeFailed || state == State.CLOSED)
            return;
        writeFailed = true;
        deadline.in(LAST_WORDS);
    }

    void await(Duration wait) {
        if (!writeFailed)
            deadline.in(wait);
    }

    /** A reply for the transaction to read. */
    Reply reply() {
        return reader.reply();
    }

    /** The reply just read is followed by more bytes. */
    boolean moreInput() {
        return moreInput;
    }

    Channel channel() {
        return channel;
    }

    DomainSettings.Timeouts timeouts() {
        return request.settings().timeouts();
    }

    EventLoop loop() {
        return loop;
    }

    boolean ignore8bitmime() {
        return request.settings().ignore8bitmime();
    }

    String host() {
        return NetworkTrouble.host(request.remoteName(), request.remote());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (transaction != null && ctx.channel().isWritable())
            transaction.writable();
    }

    // ---- the end

    @Override
    public void quit() {
        switch (state) {
            case IDLE -> sayQuit();
            case BUSY -> quitWanted = true;
            case QUIT, CLOSED -> {
                // under way
            }
            default -> abort("quit before ready");
        }
    }

    private void sayQuit() {
        state = State.QUIT;
        deadline.in(QUIT_WAIT);
        write(channel.alloc().directBuffer(8).writeBytes(new byte[] { 'Q', 'U', 'I', 'T', '\r', '\n' }));
    }

    @Override
    public void abort(String reason) {
        lost(Cause.CONNECTION_LOST, reason);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost(Cause.CONNECTION_LOST, "EDISCON in connection to " + host());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            lost(Cause.CONNECTION_LOST, NetworkTrouble.name(cause) + " in connection to " + host());
        } else {
            LOG.error("Connection to {} failed", host(), cause);
            lost(Cause.CONNECTION_LOST, "internal error: " + cause);
        }
    }

    private void expired() {
        switch (state) {
            case CONNECT -> lost(Cause.NO_CONNECTION, "ETIMEDOUT connecting to " + host());
            case GREETING -> lost(Cause.NO_CONNECTION, "ETIMEDOUT waiting for the greeting of " + host());
            case EHLO, HELO -> lost(Cause.CONNECTION_LOST, "ETIMEDOUT waiting for the reply to EHLO from " + host());
            case IDLE -> idleTooLong();
            case BUSY -> lost(Cause.CONNECTION_LOST, (writeFailed ? "EPIPE in connection to "
                    : "ETIMEDOUT in " + transaction.stage() + " in connection to ") + host());
            case QUIT, CLOSED -> closeChannel();
        }
    }

    /** The owner hears at once that this connection is of no more use, so that it sends nothing behind the QUIT. */
    private void idleTooLong() {
        sayQuit();
        tellClosed();
    }

    /** Ends whatever is going on. */
    private void lost(Cause cause, String detail) {
        switch (state) {
            case CONNECT -> fail(Stage.CONNECT, Cause.NO_CONNECTION, detail);
            case GREETING -> fail(Stage.GREETING, cause == Cause.PROTOCOL ? cause : Cause.NO_CONNECTION, detail);
            case EHLO -> fail(Stage.EHLO, cause, detail);
            case HELO -> {
                if (cause == Cause.CONNECTION_LOST)
                    refused(Stage.EHLO, ehloRefusal);
                else
                    fail(Stage.EHLO, cause, detail);
            }
            case BUSY -> {
                if (transaction != null)
                    transaction.lost(cause, detail);
                else
                    closeChannel();
            }
            case IDLE, QUIT, CLOSED -> closeChannel();
        }
    }

    /** The peer does not want us: taken with thanks, and with QUIT where it still listens. */
    private void refused(Stage stage, Reply reply) {
        if (reply.code() == 421 || !channel.isActive())
            closeChannel();
        else
            sayQuit();
        tellFailed(Failure.ofReply(stage, reply));
    }

    private void fail(Stage stage, Cause cause, String detail) {
        if (state == State.CLOSED || state == State.QUIT)
            return;
        closeChannel();
        tellFailed(Failure.of(stage, cause, detail));
    }

    private void tellFailed(Failure failure) {
        try {
            listener.failed(this, failure);
        } catch (RuntimeException e) {
            listenerFailed(e);
        }
    }

    private void listenerFailed(RuntimeException e) {
        LOG.error("The owner of the connection to {} failed", host(), e);
        abort("internal error: " + e);
    }

    private void closeChannel() {
        state = State.CLOSED;
        deadline.cancel();
        if (channel != null)
            channel.close();
    }

    /** The channel is closed. */
    private void gone() {
        lost(Cause.CONNECTION_LOST, "EDISCON in connection to " + host());
        if (pending != null)
            pending.release();
        pending = null;
        tellClosed();
        try {
            listener.ended(this);
        } catch (RuntimeException e) {
            LOG.error("The owner of the connection to {} failed", host(), e);
        }
    }

    private void tellClosed() {
        if (gone)
            return;
        gone = true;
        try {
            listener.closed(this);
        } catch (RuntimeException e) {
            LOG.error("The owner of the connection to {} failed", host(), e);
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }
}
