package org.caravanmta.smtp.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.tls.TlsProvider;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;

/** A session without sockets, whose time is the test's. */
final class MockSession {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 1);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final Submissions submissions = new Submissions();
    private final EmbeddedChannel channel;

    MockSession(Path spool, Submissions.Answer answer, String... directives) throws Exception {
        CaravanConfig config = TestServer.config("always-allow-relaying: yes, add-received-header: no",
                String.join("\n", directives));
        InboundTls tls = new InboundTls(TlsProvider::fastest);
        tls.use(tls.prepare(config.serverTls()));
        SmtpServerContext context = SmtpServerContext
                .builder(() -> config,
                        Intake.open(spool, Intake.DEFAULT_INLINE_LIMIT_BYTES, () -> null, Clock.systemUTC()))
                .tls(tls).build();
        submissions.answer(answer);
        channel = new AtLoopback(EmbeddedChannel.builder().ticker(ticker).handlers(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel c) {
                SmtpServerPipeline.install(c.pipeline(), context);
                c.pipeline().addLast(submissions.handler());
            }
        }));
    }

    private static final class AtLoopback extends EmbeddedChannel {
        private AtLoopback(Builder builder) {
            super(builder);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return CLIENT;
        }
    }

    /** @return what the server says to it, as on the wire */
    String say(String bytes) {
        if (!channel.isOpen())
            return "";
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        return replies();
    }

    /** @return what the server says when so much time has passed */
    String pass(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
        return replies();
    }

    String replies() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
            text.append(b.toString(StandardCharsets.ISO_8859_1));
            b.release();
        }
        return text.toString();
    }

    boolean open() {
        return channel.isOpen();
    }

    Submissions submissions() {
        return submissions;
    }
}
