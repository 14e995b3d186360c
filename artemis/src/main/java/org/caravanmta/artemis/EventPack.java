package org.caravanmta.artemis;

import java.util.ArrayList;
import java.util.List;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.postoffice.PostOffice;
import org.apache.activemq.artemis.core.server.impl.RoutingContextImpl;
import org.apache.activemq.artemis.core.transaction.Transaction;

import org.caravanmta.queue.QueueNames;

/**
 * The events of one transaction as one broker message, or a few. A message of their own each would cost more than the
 * rest of the settlement. Body: version (1 byte), then length (4 bytes) and bytes of each event.
 */
final class EventPack {

    private static final int VERSION = 1;
    private static final int FULL_BYTES = 128 << 10;
    private static final SimpleString ADDRESS = SimpleString.of(QueueNames.EVENTS);
    private static final SimpleString COUNT = SimpleString.of("events");

    private final StorageManager storage;
    private final PostOffice postOffice;
    private FieldWriter body;
    private int count;

    EventPack(StorageManager storage, PostOffice postOffice) {
        this.storage = storage;
        this.postOffice = postOffice;
    }

    void add(byte[] event, Transaction tx) throws Exception {
        if (body != null && body.length() + event.length > FULL_BYTES)
            route(tx);
        if (body == null)
            body = new FieldWriter(Math.max(4096, event.length + 5)).writeByte(VERSION);
        body.writeInt(event.length).write(event, 0, event.length);
        count++;
    }

    /** Goes to every reader's queue. */
    void route(Transaction tx) throws Exception {
        if (body == null)
            return;
        CoreMessage message = new CoreMessage(storage.generateID(), body.length() + 128);
        message.setType(Message.BYTES_TYPE);
        message.setDurable(true);
        message.setAddress(ADDRESS);
        message.setTimestamp(System.currentTimeMillis());
        message.putIntProperty(COUNT, count);
        message.getBodyBuffer().writeBytes(body.array(), 0, body.length());
        body = null;
        count = 0;
        postOffice.route(message, new RoutingContextImpl(tx).setDuplicateDetection(false), false);
    }

    static List<byte[]> events(Message message) {
        byte[] bytes = bodyOf(message);
        FieldReader r = new FieldReader(bytes, 0, bytes.length);
        int version = r.readByte();
        if (version != VERSION)
            throw new IllegalArgumentException("unknown event pack version " + version);
        List<byte[]> events = new ArrayList<>();
        while (r.remaining() > 0)
            events.add(r.readBytes(r.readInt()));
        return events;
    }

    static byte[] bodyOf(Message message) {
        CoreMessage core = (CoreMessage) message.toCore();
        byte[] bytes = new byte[core.getBodyBufferSize()];
        core.getBuffer().getBytes(CoreMessage.BODY_OFFSET, bytes);
        return bytes;
    }
}
