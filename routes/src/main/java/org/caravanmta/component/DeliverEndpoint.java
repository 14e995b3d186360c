package org.caravanmta.component;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.caravanmta.delivery.DeliveryEngine;

final class DeliverEndpoint extends DefaultEndpoint {

    private final DeliveryEngine engine;

    DeliverEndpoint(String uri, CaravanComponent component, DeliveryEngine engine) {
        super(uri, component);
        this.engine = engine;
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new DeliverConsumer(this, processor, engine);
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("caravan:deliver can only be consumed: from(\"caravan:deliver\")");
    }
}
