package org.caravanmta.gateway;

import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.component.CaravanComponent;
import org.caravanmta.delivery.DeliveryEngine;

import io.netty.channel.EventLoopGroup;

/** The Camel context with what the routes name: event loops, the component {@code caravan:}. */
final class CamelRuntime {

    private CamelRuntime() {
    }

    static CamelContext create(DeliveryEngine delivery, EventLoopGroup loops, RoutesBuilder... routes)
            throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.getCamelContextExtension().setName("caravan");
        camel.setLoadTypeConverters(false);
        camel.getShutdownStrategy().setTimeout(10);
        camel.getGlobalOptions().put("CamelJacksonEnableTypeConverter", "false");
        camel.getPropertiesComponent().addOverrideProperty("caravan.native-transport",
                Boolean.toString(EventLoops.nativeTransport()));
        camel.addComponent("caravan", new CaravanComponent(delivery));
        camel.getRegistry().bind("smtpLoops", loops);
        for (RoutesBuilder r : routes)
            camel.addRoutes(r);
        return camel;
    }
}
