package org.caravanmta.artemis;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.postoffice.QueueBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All message queues by name. Owner of their creation and deletion; the hot path is one map look-up. Creating one costs
 * the caller a synced write, about a millisecond, once.
 */
final class StoreQueues {

    private static final Logger LOG = LoggerFactory.getLogger(StoreQueues.class);

    private final ActiveMQServer server;
    private final ConcurrentMap<String, StoreQueue> queues = new ConcurrentHashMap<>();
    /** The same names in order: thousands of VirtualMTAs ask for what begins with theirs. */
    private final NavigableSet<String> names = new ConcurrentSkipListSet<>();

    /** Finds what the last run left. */
    StoreQueues(ActiveMQServer server) {
        this.server = server;
        server.getPostOffice().getAllBindings().forEach(binding -> {
            if (binding instanceof QueueBinding q && isMessageQueue(q.getUniqueName().toString()))
                add(new StoreQueue(q.getQueue(), server.getPostOffice()));
        });
    }

    private void add(StoreQueue q) {
        queues.put(q.name, q);
        names.add(q.name);
    }

    /** Queues of the event log and the broker's own are none of ours. */
    private static boolean isMessageQueue(String name) {
        return !name.startsWith(ArtemisEventLog.READER_PREFIX) && !name.startsWith(ArtemisEventLog.CHECKPOINT_PREFIX)
                && !name.startsWith("caravan.") && !name.startsWith("activemq.") && !name.startsWith("$")
                && !name.equals(BrokerConfiguration.DEAD_LETTER) && !name.equals(BrokerConfiguration.EXPIRED);
    }

    /** The queue, created when needed, entered: the caller has to {@link StoreQueue#leave() leave} it. */
    StoreQueue enter(String name) {
        while (true) {
            StoreQueue q = queues.get(name);
            if (q == null)
                q = queues.computeIfAbsent(name, this::create);
            if (q.enter())
                return q;
            // being deleted just now, below the map's lock: wait for that, then make a new one
            queues.compute(name, (n, current) -> current);
        }
    }

    /** Null when there is none. */
    StoreQueue find(String name) {
        return queues.get(name);
    }

    Set<String> names(String prefix) {
        Set<String> found = new LinkedHashSet<>();
        for (String name : names.tailSet(prefix)) {
            if (!name.startsWith(prefix))
                break;
            found.add(name);
        }
        return found;
    }

    private StoreQueue create(String name) {
        try {
            StoreQueue created = new StoreQueue(server.createQueue(QueueConfiguration.of(name)
                    .setRoutingType(RoutingType.ANYCAST).setDurable(true).setAutoDelete(false)
                    .setAutoCreateAddress(true), true), server.getPostOffice());
            names.add(name);
            return created;
        } catch (Exception e) {
            throw new IllegalStateException("queue " + name + " cannot be created", e);
        }
    }

    /** Nothing can arrive meanwhile: the door is shut first, and is only shut when nobody is inside. */
    boolean deleteIfEmpty(String name) {
        return queues.compute(name, (n, q) -> {
            if (q == null || !q.shut())
                return q;
            if (q.queue.getConsumerCount() == 0 && q.empty() && destroy(q)) {
                names.remove(name);
                return null;
            }
            q.reopen();
            return q;
        }) == null;
    }

    /** The end: nobody is offered anything more. */
    void unsubscribeAll() {
        for (StoreQueue q : queues.values())
            for (Consumer consumer : List.copyOf(q.queue.getConsumers()))
                consumer.disconnect();
    }

    private boolean destroy(StoreQueue q) {
        try {
            server.destroyQueue(q.address, null, true, false);
        } catch (Exception e) {
            LOG.error("queue {} cannot be deleted", q.name, e);
            return false;
        }
        try {
            server.removeAddressInfo(q.address, null);
        } catch (Exception e) {
            LOG.warn("queue {} is deleted, its address is not", q.name, e);
        }
        return true;
    }
}
