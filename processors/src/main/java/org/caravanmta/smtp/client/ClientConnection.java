package org.caravanmta.smtp.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.caravanmta.tls.TlsClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;

/**
 * The life of one connection: {@link Dialer}, {@link Opening}, then one {@link Transaction} at a time, QUIT. What is said
 * inside these is their business. Everything happens on the event loop.
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
        CONNECT, OPENING, IDLE, BUSY, QUIT, CLOSED
    }

    private final ConnectRequest request;
    private final EventLoop loop;
    private final Listener listener;
    private final Deadline deadline;
    private final Opening opening;
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
    /** The beginning of a reply whose end has not come; null when there is none. */
    private ByteBuf pending;
    private boolean moreInput;

    ClientConnection(ConnectRequest request, EventLoop loop, Listener listener, TlsClient tls) {
        this.request = request;
        this.loop = loop;
        this.listener = listener;
        this.deadline = new Deadline(loop, this::expired);
        this.opening = new Opening(this, request, tls);
        this.peer = new Peer(request.remoteName(), request.remote(), null, "", null, null);
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
        state = State.OPENING;
        opening.start();
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
        return state == State.OPENING ? opening.textWanted() : state == State.BUSY && transaction.textWanted();
    }

    private void onReply(int code) {
        switch (state) {
            case OPENING -> opening.onReply(code);
            case BUSY -> transaction.onReply(code);
            case QUIT -> deadline.in(CLOSE_WAIT);
            default -> lost(Cause.PROTOCOL, "EPROTO: reply " + code + " to nothing, from " + host());
        }
    }

    /** Whether mail may not be sent yet. */
    boolean opening() {
        return state == State.OPENING;
    }

    /** Called by the opening, once. */
    void opened() {
        extensions = opening.extensions();
        SSLSession tls = opening.session();
        peer = new Peer(peer.name(), peer.remote(), (InetSocketAddress) channel.localAddress(), extensions.keywords(),
                tls == null ? null : tls.getProtocol(), tls == null ? null : tls.getCipherSuite());
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

    /** For the opening and the transaction. */
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

    /** The reply just read. */
    Reply reply() {
        return reader.reply();
    }

    /** Its lines, without codes. */
    String[] textLines() {
        return reader.textLines();
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
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException e) {
            lost(Cause.CONNECTION_LOST, "TLS with " + host() + " broke: " + Opening.words(e));
        } else if (cause instanceof IOException) {
            lost(Cause.CONNECTION_LOST, NetworkTrouble.name(cause) + " in connection to " + host());
        } else {
            LOG.error("Connection to {} failed", host(), cause);
            lost(Cause.CONNECTION_LOST, "internal error: " + cause);
        }
    }

    private void expired() {
        switch (state) {
            case CONNECT -> lost(Cause.NO_CONNECTION, "ETIMEDOUT connecting to " + host());
            case OPENING -> opening.expired();
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
            case OPENING -> opening.lost(cause, detail);
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
    void refused(Stage stage, Reply reply) {
        if (reply.code() == 421 || !channel.isActive())
            closeChannel();
        else
            sayQuit();
        tellFailed(Failure.ofReply(stage, reply));
    }

    void fail(Stage stage, Cause cause, String detail) {
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
