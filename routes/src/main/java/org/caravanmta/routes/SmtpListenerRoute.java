package org.caravanmta.routes;

import org.apache.camel.builder.RouteBuilder;
import org.caravanmta.config.SmtpListener;

/** The way in by SMTP at one address. */
public final class SmtpListenerRoute extends RouteBuilder {

    private final String address;
    private final String id;
    private final String pipeline;
    private final String channels;

    /**
     * @param id       of the route
     * @param pipeline name in the registry of what stands in each connection
     * @param channels name in the registry of the group that the listening channel joins
     */
    public SmtpListenerRoute(SmtpListener listener, String id, String pipeline, String channels) {
        this.address = listener.toString();
        this.id = id;
        this.pipeline = pipeline;
        this.channels = channels;
    }

    public static String routeId(SmtpListener listener) {
        return "submission.smtp:" + listener;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // an exception becomes 451 4.3.0 in the SMTP server

        from("netty:tcp://" + address + "?sync=true&allowDefaultCodec=false&usingExecutorService=false"
                + "&serverInitializerFactory=#" + pipeline + "&workerGroup=#smtpLoops&bossGroup=#smtpLoops"
                + "&channelGroup=#" + channels + "&nativeTransport={{caravan.native-transport}}&backlog=1024"
                + "&transferExchange=false&disconnectOnNoReply=false")
                .routeId(id).to(SubmissionRoutes.SUBMISSION).id(id.replace("submission.smtp:", "submit:"));
    }
}
