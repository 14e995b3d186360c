package org.caravanmta.sink;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;

/** One connection to the sink. Owned by its event loop. */
final class SinkSession extends ChannelInboundHandlerAdapter {

    private static final int MAX_LINE = 8192;

    private final SinkScript script;
    private final SinkCounters counters;
    private final Consumer<ReceivedMail> listener;
    private ByteBuf in;
    private int scanned;
    private boolean data;
    private boolean delaying;
    private boolean closing;
    /** The reply to STARTTLS is under way. */
    private boolean tlsNext;
    private boolean refusedForGood;
    private int messages;
    private ReceivedMail.Connection connection;
    private String ehlo;
    private String from;
    private List<String> recipients = new ArrayList<>();

    /** @param listener null when nobody looks at the messages: then no bytes are copied */
    SinkSession(SinkScript script, SinkCounters counters, Consumer<ReceivedMail> listener) {
        this.script = script;
        this.counters = counters;
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connection = new ReceivedMail.Connection(counters.opened(), System.currentTimeMillis(), null);
        if (script.maxConnections > 0 && counters.open.get() > script.maxConnections) {
            refusedForGood = true;
            counters.refused(SinkVerb.GREETING, "421");
            closing = true;
            ctx.writeAndFlush(bytes("421 4.3.2 too many connections")).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        answer(ctx, SinkVerb.GREETING, script.answer(SinkVerb.GREETING, "220 sink.test ESMTP"));
        ctx.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        counters.open.decrementAndGet();
        if (in != null)
            in.release();
        in = null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        if (in == null || !in.isReadable()) {
            if (in != null)
                in.release();
            in = bytes;
            scanned = 0;
        } else {
            in.discardReadBytes();
            scanned = Math.min(scanned, in.readableBytes());
            ByteBuf more = in.isReadOnly() ? in.copy() : in;
            in = more.ensureWritable(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
        }
        proceed(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void proceed(ChannelHandlerContext ctx) {
        while (in != null && in.isReadable() && !delaying && !closing && !refusedForGood)
            if (!(data ? takeData(ctx) : takeLine(ctx)))
                return;
    }

    private boolean takeLine(ChannelHandlerContext ctx) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() > MAX_LINE)
                ctx.close();
            return false;
        }
        String line = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.UTF_8);
        in.readerIndex(end + 1);
        command(ctx, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        return true;
    }

    private void command(ChannelHandlerContext ctx, String line) {
        switch (line.length() < 4 ? line : line.substring(0, 4).toUpperCase(Locale.ROOT)) {
            case "EHLO", "HELO" -> {
                ehlo = line.length() > 5 ? line.substring(5) : "";
                answer(ctx, SinkVerb.EHLO, script.answer(SinkVerb.EHLO, script.ehlo(connection.tls() == null)));
            }
            case "MAIL" -> {
                String reply = script.answer(SinkVerb.MAIL, "250 2.1.0 ok");
                if (reply.startsWith("2"))
                    from = address(line);
                answer(ctx, SinkVerb.MAIL, reply);
            }
            case "RCPT" -> rcpt(ctx, address(line));
            case "DATA" -> {
                String reply = recipients.isEmpty() ? "503 5.5.1 no recipients"
                        : script.answer(SinkVerb.DATA, "354 go ahead");
                data = reply.startsWith("3");
                scanned = 0;
                answer(ctx, SinkVerb.DATA, reply);
            }
            case "RSET" -> {
                reset();
                answer(ctx, SinkVerb.RSET, script.answer(SinkVerb.RSET, "250 2.0.0 ok"));
            }
            case "QUIT" -> {
                answer(ctx, SinkVerb.QUIT, script.answer(SinkVerb.QUIT, "221 2.0.0 bye"));
                closing = true;
                if (!delaying)
                    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
            case "STAR" -> starttls(ctx);
            case "NOOP" -> answer(ctx, SinkVerb.OTHER, "250 2.0.0 ok");
            default -> answer(ctx, SinkVerb.OTHER, script.answer(SinkVerb.OTHER, "500 5.5.1 unknown command"));
        }
    }

    private void starttls(ChannelHandlerContext ctx) {
        if (script.tls == null || connection.tls() != null) {
            answer(ctx, SinkVerb.STARTTLS, "502 5.5.1 not offered");
            return;
        }
        String reply = script.answer(SinkVerb.STARTTLS, "220 2.0.0 go ahead");
        answer(ctx, SinkVerb.STARTTLS, reply);
        tlsNext = reply.startsWith("2") && !closing;
        if (tlsNext && !delaying)
            encrypt(ctx);
    }

    private void encrypt(ChannelHandlerContext ctx) {
        tlsNext = false;
        ctx.flush();
        in.skipBytes(in.readableBytes()); // nothing said in clear counts any more
        SslHandler handler = script.tls.newHandler(ctx.alloc());
        ctx.pipeline().addFirst(handler);
        handler.handshakeFuture().addListener(f -> {
            if (f.isSuccess())
                connection = new ReceivedMail.Connection(connection.number(), connection.openedMs(),
                        handler.engine().getSession().getProtocol());
        });
    }

    private void rcpt(ChannelHandlerContext ctx, String recipient) {
        String reply = from == null ? "503 5.5.1 no sender" : script.answerRcpt(recipient);
        if (reply.startsWith("2"))
            recipients.add(recipient);
        answer(ctx, SinkVerb.RCPT, reply);
    }

    private static String address(String line) {
        int open = line.indexOf('<');
        int close = line.lastIndexOf('>');
        return open < 0 || close < open ? "" : line.substring(open + 1, close);
    }

    /** Looks for CRLF.CRLF, or a dot as the first line. */
    private boolean takeData(ChannelHandlerContext ctx) {
        int begin = in.readerIndex();
        int end = -1;
        int terminator = 3;
        if (in.readableBytes() >= 3 && in.getByte(begin) == '.' && in.getByte(begin + 1) == '\r'
                && in.getByte(begin + 2) == '\n')
            end = begin;
        else {
            int dot = begin + Math.max(0, scanned - 4);
            while ((dot = in.indexOf(dot, in.writerIndex(), (byte) '.')) >= 0) {
                if (dot >= begin + 2 && dot + 2 < in.writerIndex() && in.getByte(dot - 1) == '\n'
                        && in.getByte(dot - 2) == '\r' && in.getByte(dot + 1) == '\r' && in.getByte(dot + 2) == '\n') {
                    end = dot;
                    break;
                }
                dot++;
            }
        }
        if (end < 0) {
            scanned = in.readableBytes();
            return false;
        }
        finished(ctx, end - begin);
        in.readerIndex(end + terminator);
        return true;
    }

    private void finished(ChannelHandlerContext ctx, int length) {
        data = false;
        messages++;
        String reply = script.answer(SinkVerb.END, "250 2.0.0 taken");
        String client = ip(ctx.channel().remoteAddress());
        if (reply.startsWith("2")) {
            counters.message(client, recipients.size(), length);
            if (listener != null)
                listener.accept(new ReceivedMail(System.currentTimeMillis(), connection, client,
                        ip(ctx.channel().localAddress()),
                        ehlo, from, recipients, unstuffed(length)));
        }
        reset();
        answer(ctx, SinkVerb.END, reply);
        if (script.closeAfter > 0 && messages >= script.closeAfter) {
            closing = true;
            ctx.writeAndFlush(bytes("421 4.3.2 enough for one connection")).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private byte[] unstuffed(int length) {
        byte[] raw = new byte[length];
        in.getBytes(in.readerIndex(), raw);
        int to = 0;
        byte last = '\n';
        byte beforeLast = '\r';
        for (int i = 0; i < length; i++) {
            byte b = raw[i];
            if (!(b == '.' && last == '\n' && beforeLast == '\r'))
                raw[to++] = b;
            beforeLast = last;
            last = b;
        }
        return to == length ? raw : java.util.Arrays.copyOf(raw, to);
    }

    private void reset() {
        from = null;
        recipients = new ArrayList<>(1);
    }

    private void answer(ChannelHandlerContext ctx, SinkVerb verb, String reply) {
        if (script.drops(verb)) {
            closing = true;
            ctx.close();
            return;
        }
        if (reply.charAt(0) >= '4')
            counters.refused(verb, reply);
        long delay = script.delayMs(verb);
        if (delay == 0) {
            ctx.write(bytes(reply));
            return;
        }
        delaying = true;
        ctx.executor().schedule(() -> {
            delaying = false;
            ctx.writeAndFlush(bytes(reply));
            if (tlsNext)
                encrypt(ctx);
            if (closing)
                ctx.close();
            else
                proceed(ctx);
            ctx.flush();
        }, delay, TimeUnit.MILLISECONDS);
    }

    private static ByteBuf bytes(String reply) {
        return Unpooled.copiedBuffer(reply + "\r\n", StandardCharsets.US_ASCII);
    }

    private static String ip(java.net.SocketAddress a) {
        return a instanceof InetSocketAddress i ? i.getAddress().getHostAddress() : "unknown";
    }
}
