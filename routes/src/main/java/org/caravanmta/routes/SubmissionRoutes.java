package org.caravanmta.routes;

import java.util.List;

import org.apache.camel.builder.RouteBuilder;
import org.caravanmta.config.SmtpListener;

/** The ways in. Each ends in the one submission route, which chooses the VirtualMTA and queues the message. */
public final class SubmissionRoutes extends RouteBuilder {

    static final String SUBMISSION = "direct:submission";

    private final List<SmtpListener> smtpListeners;
    private final SelectVirtualMta selectVirtualMta;
    private final Enqueue enqueue;

    public SubmissionRoutes(List<SmtpListener> smtpListeners, SelectVirtualMta selectVirtualMta, Enqueue enqueue) {
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
                .when(selectVirtualMta.refused()).process(new RefuseVirtualMta()).id("vmta.refuse")
                .otherwise().process(enqueue).id("queue.enqueue");

        for (int i = 0; i < smtpListeners.size(); i++) {
            SmtpListener listener = smtpListeners.get(i);
            from(smtp(listener, i)).routeId("submission.smtp:" + listener).to(SUBMISSION).id("submit:" + listener);
        }
    }

    /** In the registry: the pipeline of the listener at that index. */
    public static String pipeline(int index) {
        return "smtpPipeline-" + index;
    }

    private static String smtp(SmtpListener listener, int index) {
        return "netty:tcp://" + listener + "?sync=true&allowDefaultCodec=false&usingExecutorService=false"
                + "&serverInitializerFactory=#" + pipeline(index)
                + "&workerGroup=#smtpLoops&bossGroup=#smtpLoops"
                + "&channelGroup=#smtpChannels&nativeTransport={{caravan.native-transport}}&backlog=1024"
                + "&transferExchange=false&disconnectOnNoReply=false";
    }
}
