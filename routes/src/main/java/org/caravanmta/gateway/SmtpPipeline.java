package org.caravanmta.gateway;

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

    public SmtpPipeline(SmtpServerContext context) {
        this(null, context);
    }

    private SmtpPipeline(NettyConsumer consumer, SmtpServerContext context) {
        this.consumer = consumer;
        this.context = context;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer newConsumer) {
        return new SmtpPipeline(newConsumer, context);
    }

    @Override
    protected void initChannel(Channel channel) {
        SmtpServerPipeline.install(channel.pipeline(), context);
        channel.pipeline().addLast("exchange", new ServerChannelHandler(consumer));
    }
}
