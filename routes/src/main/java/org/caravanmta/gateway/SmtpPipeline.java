package org.caravanmta.gateway;

import java.util.function.Supplier;

import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;
import org.caravanmta.smtp.server.SmtpServerContext;
import org.caravanmta.smtp.server.SmtpServerPipeline;

import io.netty.channel.Channel;

/** What stands in each accepted connection: our SMTP server, then camel-netty's handler that makes the Exchange. */
public final class SmtpPipeline extends ServerInitializerFactory {

    private final NettyConsumer consumer;
    private final SmtpServerContext context;
    private final Supplier<String> source;

    /** @param source the listener's named source, asked for each connection; gives null when it has none */
    public SmtpPipeline(SmtpServerContext context, Supplier<String> source) {
        this(null, context, source);
    }

    private SmtpPipeline(NettyConsumer consumer, SmtpServerContext context, Supplier<String> source) {
        this.consumer = consumer;
        this.context = context;
        this.source = source;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer newConsumer) {
        return new SmtpPipeline(newConsumer, context, source);
    }

    @Override
    protected void initChannel(Channel channel) {
        SmtpServerPipeline.install(channel.pipeline(), context, source.get());
        channel.pipeline().addLast("exchange", new ServerChannelHandler(consumer));
    }
}
