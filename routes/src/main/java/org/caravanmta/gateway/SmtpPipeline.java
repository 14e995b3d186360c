package org.caravanmta.gateway;

import java.util.function.Supplier;

import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;
import org.caravanmta.config.SmtpListener;
import org.caravanmta.smtp.server.SmtpServerContext;
import org.caravanmta.smtp.server.SmtpServerPipeline;

import io.netty.channel.Channel;

/** What stands in each accepted connection: our SMTP server, then camel-netty's handler that makes the Exchange. */
public final class SmtpPipeline extends ServerInitializerFactory {

    private final NettyConsumer consumer;
    private final SmtpServerContext context;
    private final Supplier<SmtpListener> listener;

    /** @param listener as it is configured now; asked for each connection */
    public SmtpPipeline(SmtpServerContext context, Supplier<SmtpListener> listener) {
        this(null, context, listener);
    }

    private SmtpPipeline(NettyConsumer consumer, SmtpServerContext context, Supplier<SmtpListener> listener) {
        this.consumer = consumer;
        this.context = context;
        this.listener = listener;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer newConsumer) {
        return new SmtpPipeline(newConsumer, context, listener);
    }

    @Override
    protected void initChannel(Channel channel) {
        SmtpListener now = listener.get();
        SmtpServerPipeline.install(channel.pipeline(), context, now.source(), now.immediateTls());
        channel.pipeline().addLast("exchange", new ServerChannelHandler(consumer));
    }
}
