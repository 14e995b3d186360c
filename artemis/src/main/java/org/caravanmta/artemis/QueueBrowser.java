package org.caravanmta.artemis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.utils.collections.LinkedListIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.message.QueuedMessage;

/**
 * Looks through a queue without taking anything: first what is being delivered, then what waits. No message is shown
 * twice; one that is taken or settled while the look goes on may be missed.
 */
final class QueueBrowser {

    private static final Logger LOG = LoggerFactory.getLogger(QueueBrowser.class);

    private final MessageTranslator translator;

    QueueBrowser(MessageTranslator translator) {
        this.translator = translator;
    }

    void browse(StoreQueue q, BiConsumer<QueuedMessage, String> seen) {
        q.count();
        Set<Long> shown = new HashSet<>();
        for (TakenMessage t : List.copyOf(q.taken.values())) {
            shown.add(t.id());
            show(q, t.reference.getMessage(), seen);
        }
        try (LinkedListIterator<MessageReference> waiting = q.queue.browserIterator()) {
            while (waiting.hasNext()) {
                MessageReference reference = waiting.next();
                if (!shown.contains(reference.getMessageID()))
                    show(q, reference.getMessage(), seen);
            }
        }
    }

    private void show(StoreQueue q, Message message, BiConsumer<QueuedMessage, String> seen) {
        QueuedMessage queued;
        try {
            queued = translator.fromBroker(message);
        } catch (Exception e) {
            LOG.debug("message {} on {} is shown by its properties only", message.getMessageID(), q.name, e);
            queued = MessageTranslator.outline(message);
        }
        seen.accept(queued, MessageTranslator.reason(message));
    }
}
