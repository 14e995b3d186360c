package org.caravanmta.component;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.caravanmta.delivery.DeliveryEngine;

/** {@code caravan:deliver} (consumer): the delivery attempts of all VirtualMTAs. */
public final class CaravanComponent extends DefaultComponent {

    private final DeliveryEngine engine;

    public CaravanComponent(DeliveryEngine engine) {
        this.engine = engine;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!"deliver".equals(remaining))
            throw new IllegalArgumentException("found caravan:" + remaining + ", expected caravan:deliver");
        return new DeliverEndpoint(uri, this, engine);
    }
}
