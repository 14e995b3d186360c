package org.caravanmta.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.dns.MxResolver;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.vmta.MemberAvailability;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoopGroup;

/**
 * All VirtualMTAs' ways out. Begins attempts (the delivery route makes an Exchange of each) and takes back what the
 * route decided: {@link #settle} or {@link #park}, exactly one of them for each attempt.
 */
public final class DeliveryEngine implements MemberAvailability {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryEngine.class);

    private final MessageStore store;
    private final Supplier<CaravanConfig> config;
    private final NextHops hops;
    private final SmtpConnector connector;
    private final EventLoopGroup loops;
    private final LongSupplier clockMs;
    private final RetrySlots retrySlots;
    private final SharedConnections connections = new SharedConnections();
    private final DeliveryCounters counters = new DeliveryCounters();
    private final Map<String, VirtualMtaDelivery> virtualMtas = new ConcurrentHashMap<>();
    private volatile Consumer<DeliveryAttempt> route;

    public DeliveryEngine(MessageStore store, Supplier<CaravanConfig> config, MxResolver resolver,
            SmtpConnector connector, EventLoopGroup loops, LongSupplier clockMs, RandomGenerator random) {
        this.store = store;
        this.config = config;
        this.hops = new NextHops(resolver, random);
        this.connector = connector;
        this.loops = loops;
        this.clockMs = clockMs;
        this.retrySlots = new RetrySlots(store, loops.next(), clockMs, this::announce);
    }

    /**
     * Starts to take mail from the queues.
     *
     * @param deliveryRoute called on a VirtualMTA's event loop for each attempt that may begin; must not block
     */
    public void start(Consumer<DeliveryAttempt> deliveryRoute) {
        route = deliveryRoute;
        CaravanConfig now = config.get();
        refreshLimits();
        long windowBytes = Math.clamp(Runtime.getRuntime().maxMemory() / 4 / now.virtualMtas().size(), 1 << 20,
                64 << 20);
        for (VirtualMta v : now.virtualMtas().values())
            virtualMtas.put(v.name(), new VirtualMtaDelivery(v, loops.next(), this, windowBytes));
        virtualMtas.values().forEach(VirtualMtaDelivery::start);
        retrySlots.start();
        warnOfForeignQueues();
    }

    /** Mail of a VirtualMTA that is no longer configured waits: it must not leave from another address. */
    private void warnOfForeignQueues() {
        for (String queue : store.queues(QueueNames.VMTA))
            if (virtualMtas.keySet().stream().noneMatch(v -> QueueNames.belongsTo(queue, v)) && store.count(queue) > 0)
                LOG.error("ALARM: {} messages wait in {}, whose VirtualMTA is not configured", store.count(queue),
                        queue);
    }

    /** To be called before a message is put on a VirtualMTA's main queue. Any thread. */
    public void announce(QueuedMessage message) {
        VirtualMtaDelivery v = virtualMtas.get(message.virtualMta());
        if (v != null)
            v.announce(message.destination());
    }

    /** An announced message was not stored after all. Any thread. */
    public void withdraw(QueuedMessage message) {
        VirtualMtaDelivery v = virtualMtas.get(message.virtualMta());
        if (v != null)
            v.waiting().taken(message.destination());
    }

    /** Whether a pool should give it mail: not while it is paused or all its source addresses are missing. */
    @Override
    public boolean available(String virtualMta) {
        VirtualMtaDelivery v = virtualMtas.get(virtualMta);
        return v != null && v.available();
    }

    void begin(DeliveryAttempt attempt) {
        route.accept(attempt);
    }

    /**
     * Ends an attempt: acknowledges the message, puts what is deferred on its retry slot and stores the event, in one
     * transaction. Called on the VirtualMTA's event loop.
     *
     * @param event the accounting event; null when there is none
     */
    public void settle(DecidedAttempt decided, byte[] event) {
        DeliveryAttempt attempt = decided.result().attempt();
        VirtualMtaDelivery v = virtualMtas.get(attempt.message().virtualMta());
        if (!decided.again()) {
            counters.count(decided.outcomes());
            store.settle(attempt.stored(), placements(decided, v), event == null ? List.of() : List.of(event));
        }
        v.ended(decided);
    }

    private List<Placement> placements(DecidedAttempt decided, VirtualMtaDelivery v) {
        List<Recipient> remaining = null;
        String failure = null;
        for (Outcome o : decided.outcomes())
            if (o instanceof Outcome.Deferred d) {
                if (remaining == null)
                    remaining = new ArrayList<>(decided.outcomes().size());
                remaining.add(d.recipient());
                failure = d.failure().text();
            }
        if (remaining == null)
            return List.of();
        QueuedMessage message = decided.result().attempt().message();
        Duration delay = v.retryAfter(message);
        long expiryMs = message.queuedAtMs() + decided.result().attempt().settings().bounceAfter().toMillis();
        long dueMs = Math.min(nowMs() + delay.toMillis(), Math.max(expiryMs, nowMs()));
        return List.of(new Placement(retrySlots.slot(dueMs, delay), message.deferred(remaining, failure)));
    }

    /** Our own code failed on this message: it is kept aside with the reason, never looped, never dropped. */
    public void park(DeliveryAttempt attempt, String reason) {
        counters.parked.add(attempt.message().recipients().size());
        LOG.error("parked a message of {}/{}: {}", attempt.message().destination(), attempt.message().virtualMta(),
                reason);
        store.settle(attempt.stored(), List.of(new Placement(QueueNames.PARKED, attempt.message(), reason)), List.of());
        virtualMtas.get(attempt.message().virtualMta()).parked(attempt);
    }

    /** Takes no more mail, lets running transactions end within {@code limit}, then breaks them. */
    public void stop(Duration limit) {
        retrySlots.stop();
        CompletableFuture<?>[] all = virtualMtas.values().stream().map(VirtualMtaDelivery::stop)
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> quiet = CompletableFuture.allOf(all);
        try {
            quiet.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            virtualMtas.values().forEach(VirtualMtaDelivery::abort);
            quiet.completeOnTimeout(null, 2, TimeUnit.SECONDS).join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            LOG.error("while stopping", e.getCause());
        }
        store.flush();
    }

    public DeliveryCounters counters() {
        return counters;
    }

    MessageStore store() {
        return store;
    }

    CaravanConfig config() {
        return config.get();
    }

    NextHops hops() {
        return hops;
    }

    SmtpConnector connector() {
        return connector;
    }

    SharedConnections connections() {
        return connections;
    }

    void refreshLimits() {
        connections.limit(config.get().smtpOut());
    }

    long nowMs() {
        return clockMs.getAsLong();
    }
}
