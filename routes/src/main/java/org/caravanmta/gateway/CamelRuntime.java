package org.caravanmta.gateway;

import java.util.List;

import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.component.CaravanComponent;
import org.caravanmta.config.SmtpListener;
import org.caravanmta.delivery.DeliveryEngine;
import org.caravanmta.routes.SubmissionRoutes;
import org.caravanmta.smtp.server.SmtpServerContext;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;

/** The Camel context with what the routes name: pipeline, event loops, the component {@code caravan:}. */
final class CamelRuntime {

    private CamelRuntime() {
    }

    static CamelContext create(DeliveryEngine delivery, SmtpServerContext smtp, List<SmtpListener> listeners,
            EventLoopGroup loops,
            ChannelGroup channels, RoutesBuilder... routes) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.getCamelContextExtension().setName("caravan");
        camel.setLoadTypeConverters(false);
        camel.getShutdownStrategy().setTimeout(10);
        camel.getGlobalOptions().put("CamelJacksonEnableTypeConverter", "false");
        camel.getPropertiesComponent().addOverrideProperty("caravan.native-transport",
                Boolean.toString(EventLoops.nativeTransport()));
        camel.addComponent("caravan", new CaravanComponent(delivery));
        for (int i = 0; i < listeners.size(); i++)
            camel.getRegistry().bind(SubmissionRoutes.pipeline(i), new SmtpPipeline(smtp, listeners.get(i).source()));
        camel.getRegistry().bind("smtpLoops", loops);
        camel.getRegistry().bind("smtpChannels", channels);
        for (RoutesBuilder r : routes)
            camel.addRoutes(r);
        return camel;
    }
}
