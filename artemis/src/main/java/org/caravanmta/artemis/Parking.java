package org.caravanmta.artemis;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.StorageManager;

/** Copies a broker message as it is, readable or not, for the queue of parked messages. */
final class Parking {

    private static final SimpleString FROM = SimpleString.of("parkedFrom");

    private Parking() {
    }

    /** A message whose body is gone is parked with its properties alone. */
    static Message copy(Message original, StoreQueue parked, String from, String reason, StorageManager storage) {
        long id = storage.generateID();
        Message copy = original.copy(id);
        if (copy == null) {
            copy = new CoreMessage(id, 512);
            for (SimpleString name : original.getPropertyNames())
                copy.putObjectProperty(name, original.getObjectProperty(name));
            copy.setDurable(true);
        }
        copy.setAddress(parked.address);
        copy.putStringProperty(FROM, SimpleString.of(from));
        MessageTranslator.setReason(copy, reason);
        return copy;
    }
}
