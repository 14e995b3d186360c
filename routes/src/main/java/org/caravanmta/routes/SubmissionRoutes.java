package org.caravanmta.routes;

import java.net.InetSocketAddress;
import java.util.List;

import org.apache.camel.builder.RouteBuilder;

/** The ways in. Each ends in the one submission route, which chooses the VirtualMTA and queues the message. */
public final class SubmissionRoutes extends RouteBuilder {

    static final String SUBMISSION = "direct:submission";

    private final List<InetSocketAddress> smtpListeners;
    private final SelectVirtualMta selectVirtualMta;
    private final Enqueue enqueue;

    public SubmissionRoutes(List<InetSocketAddress> smtpListeners, SelectVirtualMta selectVirtualMta, Enqueue enqueue) {
        this.smtpListeners = smtpListeners;
        this.selectVirtualMta = selectVirtualMta;
        this.enqueue = enqueue;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // an exception becomes 451 4.3.0 in the SMTP server

        from(SUBMISSION).routeId("submission")
                .process(selectVirtualMta).id("vmta.select")
                .choice().id("vmta.router")
                .when(selectVirtualMta.unknown()).process(new RefuseUnknownVirtualMta()).id("vmta.refuse")
                .otherwise().process(enqueue).id("queue.enqueue");

        for (InetSocketAddress listener : smtpListeners)
            from(smtp(listener)).routeId("submission.smtp:" + text(listener)).to(SUBMISSION)
                    .id("submit:" + text(listener));
    }

    private static String smtp(InetSocketAddress listener) {
        return "netty:tcp://" + text(listener) + "?sync=true&allowDefaultCodec=false&usingExecutorService=false"
                + "&serverInitializerFactory=#smtpPipeline&workerGroup=#smtpLoops&bossGroup=#smtpLoops"
                + "&channelGroup=#smtpChannels&nativeTransport={{caravan.native-transport}}&backlog=1024"
                + "&transferExchange=false&disconnectOnNoReply=false";
    }

    private static String text(InetSocketAddress a) {
        String host = a.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + a.getPort();
    }
}
