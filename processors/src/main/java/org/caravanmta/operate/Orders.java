package org.caravanmta.operate;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.delivery.DeliveryEngine;
import org.caravanmta.delivery.Drain;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.operate.Order.Kind;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueuePattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries orders out: what is meant is moved to a queue of the order's own, in whatever queue it waits, and from there
 * each message goes its way. An order is written down before and forgotten when its queue is empty, so a crash in the
 * middle only means that it begins again. What is being sent at that moment is left alone.
 */
final class Orders {

    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
    /** The second time finds what was on its way from one queue to another. */
    private static final int LOOKS = 2;
    /** The number of held mail whose time is over. */
    private static final long EXPIRED = 0;
    private static final Duration EXPIRY_LOOK = Duration.ofSeconds(30);

    private final MessageStore store;
    private final DeliveryEngine engine;
    private final Supplier<CaravanConfig> config;
    private final MemberTurns members;
    private final OrderBook book;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("caravan-orders").daemon(true).unstarted(task));
    /** Those not carried out yet, by number. */
    private final Map<Long, Running> running = new LinkedHashMap<>();

    private static final class Running {
        Order order;
        /** Null while it is held. */
        Drain drain;

        Running(Order order) {
            this.order = order;
        }
    }

    Orders(MessageStore store, DeliveryEngine engine, Supplier<CaravanConfig> config, OrderBook book) {
        this.store = store;
        this.engine = engine;
        this.config = config;
        this.members = new MemberTurns(config, engine);
        this.book = book;
    }

    /** Goes on with what a former run was told. To be called after the engine has started. */
    synchronized void start() throws IOException {
        for (Order order : book.read()) {
            running.put(order.number(), new Running(order));
            tellHolds();
            timer.execute(() -> again(order));
        }
        for (String queue : store.queues(QueueNames.ORDER))
            if (!running.containsKey(QueueNames.orderOf(queue)))
                backToTheirQueues(QueueNames.orderOf(queue));
        timer.scheduleWithFixedDelay(this::care, 250, 250, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::expireHeld, EXPIRY_LOOK.toSeconds(), EXPIRY_LOOK.toSeconds(),
                TimeUnit.SECONDS);
    }

    private void again(Order order) {
        try {
            collect(order);
            begin(order.number());
        } catch (RuntimeException e) {
            LOG.error("order {} cannot go on until the next start", order.number(), e);
        }
    }

    void stop() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(10, TimeUnit.SECONDS))
                LOG.warn("an order goes on after the next start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            running.values().stream().filter(r -> r.drain != null).forEach(r -> r.drain.close());
        }
    }

    /** Blocks until everything that is meant is on its way; tells how many messages that are. */
    long give(Kind kind, MessageSelection selection, String to) throws IOException {
        Order order;
        synchronized (this) {
            long number = Math.max(System.currentTimeMillis(),
                    running.keySet().stream().mapToLong(n -> n + 1).max().orElse(0));
            order = new Order(number, kind, selection, to);
            book.write(order);
            running.put(number, new Running(order));
            tellHolds();
        }
        long found = collect(order);
        begin(order.number());
        return found;
    }

    /** Ends the holds on such messages; says how many holds that were. */
    synchronized int release(Predicate<MessageSelection> which) throws IOException {
        int released = 0;
        for (Running r : running.values())
            if (r.order.kind() == Kind.HOLD && which.test(r.order.selection())) {
                r.order = r.order.released();
                book.write(r.order);
                released++;
            }
        tellHolds();
        for (Running r : List.copyOf(running.values()))
            begin(r.order.number());
        return released;
    }

    /** What is held just now. */
    synchronized List<MessageSelection> held() {
        return running.values().stream().map(r -> r.order).filter(o -> o.kind() == Kind.HOLD).map(Order::selection)
                .toList();
    }

    private void tellHolds() {
        List<Order> holds = running.values().stream().map(r -> r.order).filter(o -> o.kind() == Kind.HOLD).toList();
        engine.divert(holds.isEmpty() ? null : m -> {
            for (Order o : holds)
                if (o.selection().matches(m, config.get(), System.currentTimeMillis()))
                    return QueueNames.order(o.number());
            return null;
        });
    }

    // --------------------------------------------------------------- collect

    private long collect(Order order) {
        long found = 0;
        String queue = QueueNames.order(order.number());
        Predicate<QueuedMessage> meant = m -> order.selection().matches(m, config.get(), System.currentTimeMillis());
        for (int look = 0; look < LOOKS; look++) {
            found += sift(QueueNames.RETRY, meant, queue);
            if (order.kind() != Kind.RETRY) {
                found += siftVirtualMtas(order.selection().queues(), meant, queue);
                found += engine.sift(meant, queue);
            }
            if (order.kind() != Kind.HOLD)
                found += siftHeld(meant, queue);
        }
        return found;
    }

    private long sift(String prefix, Predicate<QueuedMessage> meant, String queue) {
        long found = 0;
        for (String from : store.queues(prefix))
            found += store.sift(from, meant, queue);
        return found;
    }

    /** Main queues and those split off from them, of the VirtualMTAs that are meant. */
    private long siftVirtualMtas(QueuePattern queues, Predicate<QueuedMessage> meant, String queue) {
        if (queues.virtualMta().equals(QueuePattern.ANY))
            return sift(QueueNames.VMTA, meant, queue);
        VirtualMtaPool pool = config.get().pools().get(queues.virtualMta());
        if (pool == null)
            return sift(QueueNames.virtualMta(queues.virtualMta()), meant, queue);
        return pool.members().stream().mapToLong(m -> sift(QueueNames.virtualMta(m.virtualMta()), meant, queue)).sum();
    }

    private long siftHeld(Predicate<QueuedMessage> meant, String queue) {
        List<Order> holds;
        synchronized (this) {
            holds = running.values().stream().map(r -> r.order).filter(o -> o.kind() == Kind.HOLD).toList();
        }
        long found = 0;
        for (Order o : holds)
            found += store.sift(QueueNames.order(o.number()), meant, queue);
        return found;
    }

    private void expireHeld() {
        try {
            long now = System.currentTimeMillis();
            Predicate<QueuedMessage> expired = m -> now - m.queuedAtMs() >= config.get()
                    .settings(m.virtualMta(), m.destination()).bounceAfter().toMillis();
            if (siftHeld(expired, QueueNames.order(EXPIRED)) > 0)
                backToTheirQueues(EXPIRED);
        } catch (RuntimeException e) {
            LOG.error("held mail could not be looked at", e);
        }
    }

    /** What waits for an order that nobody remembers. */
    private synchronized void backToTheirQueues(long number) {
        running.computeIfAbsent(number,
                n -> new Running(new Order(n, Kind.RETRY, MessageSelection.of(QueuePattern.EVERY), null)));
        begin(number);
    }

    // ----------------------------------------------------------------- drain

    private synchronized void begin(long number) {
        Running r = running.get(number);
        if (r != null && r.drain == null && r.order.kind() != Kind.HOLD)
            r.drain = engine.drain(QueueNames.order(number), m -> carryOut(r.order, m));
    }

    /** On a broker thread. */
    private void carryOut(Order order, StoredMessage stored) {
        QueuedMessage m = stored.message();
        switch (order.kind()) {
            case DELETE -> delete(order, stored);
            case MOVE -> put(stored, members.through(order.to(), m));
            case RETRY, HOLD -> put(stored, m);
        }
    }

    private void put(StoredMessage stored, QueuedMessage m) {
        engine.announce(m);
        store.settle(stored, List.of(new Placement(QueueNames.virtualMta(m.virtualMta()), m)), List.of());
    }

    /** Of a message to several only the recipients that are meant. */
    private void delete(Order order, StoredMessage stored) {
        QueuedMessage m = stored.message();
        String rcpt = order.selection().rcpt();
        List<Recipient> others = rcpt == null ? List.of()
                : m.recipients().stream().filter(r -> !r.address().equalsIgnoreCase(rcpt)).toList();
        if (others.isEmpty()) {
            engine.delete(stored);
            return;
        }
        List<Recipient> meant = new ArrayList<>(m.recipients());
        meant.removeAll(others);
        QueuedMessage rest = m.to(others);
        engine.announce(rest);
        store.settle(stored, List.of(new Placement(QueueNames.order(order.number()), m.to(meant)),
                new Placement(QueueNames.virtualMta(m.virtualMta()), rest)), List.of());
    }

    private synchronized void care() {
        for (Running r : List.copyOf(running.values()))
            if (r.drain != null && r.drain.gone()) {
                running.remove(r.order.number());
                forget(r.order);
            }
    }

    private void forget(Order order) {
        try {
            book.remove(order);
        } catch (IOException e) {
            LOG.error("order {} is carried out and cannot be forgotten; it comes again after a restart", order.number(),
                    e);
        }
    }
}
