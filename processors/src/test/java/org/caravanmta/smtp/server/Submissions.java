package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** What stands behind the server: keeps the messages it is given, and answers as the test says. */
final class Submissions {

    static final Reply QUEUED = Reply.of(250, "2.6.0", "queued");
    private static final int READ_AT_MOST = 1024 * 1024;

    interface Answer {
        void to(Taken taken) throws Exception;
    }

    /** At once, on the event loop. */
    static final Answer AT_ONCE = t -> t.answer(QUEUED);

    /** When the test does it, from its own thread. */
    static final Answer BY_THE_TEST = _ -> {
    };

    /** @param text the content, one character per byte; null when it is long */
    record Taken(SubmittedMessage message, String text, ChannelHandlerContext ctx) {

        void answer(Reply reply) {
            ctx.writeAndFlush(reply);
        }
    }

    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final Queue<SubmittedMessage> all = new ConcurrentLinkedQueue<>();
    private volatile Answer answer = AT_ONCE;

    void answer(Answer value) {
        answer = value;
    }

    ChannelHandler handler() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
                SubmittedMessage m = (SubmittedMessage) message;
                all.add(m);
                Taken t = new Taken(m, m.content().sizeBytes() > READ_AT_MOST ? null : text(m), ctx);
                taken.add(t);
                answer.to(t);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        };
    }

    private static String text(SubmittedMessage m) throws IOException {
        try (InputStream in = m.content().open()) {
            byte[] bytes = in.readAllBytes();
            assertThat(m.content().sizeBytes()).isEqualTo(bytes.length);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    Taken take() throws InterruptedException {
        Taken t = taken.poll(10, TimeUnit.SECONDS);
        assertThat(t).as("a message").isNotNull();
        return t;
    }

    boolean isEmpty() {
        return taken.isEmpty();
    }

    /** As the owner of messages whose client went away has to. */
    void discardAll() {
        all.forEach(m -> m.discard().run());
    }
}
