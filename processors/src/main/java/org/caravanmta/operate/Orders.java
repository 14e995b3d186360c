package org.caravanmta.operate;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
    /** A look at many messages costs; so many times as long nothing is looked at. */
    private static final int EXPIRY_SHARE = 50;

    private final Duration expiryLook;
    private final MessageStore store;
    private final DeliveryEngine engine;
    private final Supplier<CaravanConfig> config;
    private final MemberTurns members;
    private final OrderBook book;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            task -> Thread.ofPlatform().name("caravan-orders").daemon(true).unstarted(task));
    /** Those not carried out yet, by number. */
    private final Map<Long, Running> running = new LinkedHashMap<>();

    private static final class Running {
        Order order;
        /** While it looks for what is meant its queue must not be taken for emptied. */
        boolean collecting = true;
        /** Null while it is held, or collects. */
        Drain drain;

        Running(Order order) {
            this.order = order;
        }
    }

    /** @param expiryLook how often mail that waits for the operator is looked through for what expires */
    Orders(MessageStore store, DeliveryEngine engine, Supplier<CaravanConfig> config, OrderBook book,
            Duration expiryLook) {
        this.expiryLook = expiryLook;
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
                end(QueueNames.orderOf(queue), QueueNames.orderOf(queue) == EXPIRED ? Kind.EXPIRE : Kind.RETRY);
        timer.scheduleWithFixedDelay(this::care, 250, 250, TimeUnit.MILLISECONDS);
        timer.schedule(this::expire, expiryLook.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Mail that came after the word was said is not meant by it, unless it is a hold. */
    private void again(Order order) {
        try {
            collect(order, order.kind() == Kind.HOLD ? _ -> true : m -> m.queuedAtMs() <= order.number());
        } catch (RuntimeException e) {
            LOG.error("order {} has not found all that is meant; the next start looks again", order.number(), e);
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
        return collect(order, _ -> true);
    }

    /** Ends the holds on such messages; says how many holds that were. */
    synchronized int release(Predicate<MessageSelection> which) throws IOException {
        int released = 0;
        for (Running r : running.values())
            if (r.order.kind() == Kind.HOLD && which.test(r.order.selection())) {
                Order free = r.order.released();
                book.write(free);
                r.order = free;
                released++;
            }
        tellHolds();
        running.values().forEach(this::begin);
        return released;
    }

    /** What is held just now. */
    List<MessageSelection> held() {
        return holds().stream().map(Order::selection).toList();
    }

    private synchronized List<Order> holds() {
        return running.values().stream().map(r -> r.order).filter(o -> o.kind() == Kind.HOLD).toList();
    }

    private void tellHolds() {
        List<Order> holds = holds();
        engine.divert(holds.isEmpty() ? null : m -> {
            for (Order o : holds)
                if (o.selection().matches(m, config.get(), System.currentTimeMillis()))
                    return QueueNames.order(o.number());
            return null;
        });
    }

    // --------------------------------------------------------------- collect

    /** What was found goes its way in any case. */
    private long collect(Order order, Predicate<QueuedMessage> old) {
        try {
            return find(order, m -> old.test(m)
                    && order.selection().matches(m, config.get(), System.currentTimeMillis()));
        } finally {
            synchronized (this) {
                Running r = running.get(order.number());
                r.collecting = false;
                begin(r);
            }
        }
    }

    private long find(Order order, Predicate<QueuedMessage> meant) {
        long found = 0;
        String queue = QueueNames.order(order.number());
        for (int look = 0; look < LOOKS; look++) {
            found += sift(QueueNames.RETRY, meant, queue);
            if (order.kind() != Kind.RETRY) {
                found += siftVirtualMtas(order.selection().queues(), meant, queue);
                found += engine.sift(meant, queue);
            }
            if (order.kind() == Kind.DELETE || order.kind() == Kind.MOVE)
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
        return holds().stream().mapToLong(o -> store.sift(QueueNames.order(o.number()), meant, queue)).sum();
    }

    /**
     * Expires what may wait for long where no VirtualMTA sees it: held mail, and queues of which only the first messages
     * are in memory, if any.
     */
    private void expire() {
        long began = System.nanoTime();
        try {
            long now = System.currentTimeMillis();
            Predicate<QueuedMessage> expired = m -> config.get().settings(m.virtualMta(), m.destination())
                    .expired(m.queuedAtMs(), now);
            String queue = QueueNames.order(EXPIRED);
            long found = siftHeld(expired, queue);
            for (String from : store.queues(QueueNames.VMTA))
                if (engine.rests(from))
                    found += store.sift(from, expired, queue);
            if (found > 0) {
                engine.sift(_ -> false, queue); // it counts anew what is left in its queues
                end(EXPIRED, Kind.EXPIRE);
            }
        } catch (RuntimeException e) {
            LOG.error("mail that waits for the operator could not be looked at", e);
        }
        long took = System.nanoTime() - began;
        timer.schedule(this::expire, Math.max(expiryLook.toNanos(), EXPIRY_SHARE * took), TimeUnit.NANOSECONDS);
    }

    /** What waits for an order that nobody has written down. */
    private synchronized void end(long number, Kind kind) {
        Running r = running.computeIfAbsent(number,
                n -> new Running(new Order(n, kind, MessageSelection.of(QueuePattern.EVERY), null)));
        r.collecting = false;
        begin(r);
    }

    // ----------------------------------------------------------------- drain

    /** Below this object's lock. */
    private void begin(Running r) {
        if (r.drain == null && !r.collecting && r.order.kind() != Kind.HOLD)
            r.drain = engine.drain(QueueNames.order(r.order.number()), m -> carryOut(r.order, m));
    }

    /** On a broker thread. */
    private void carryOut(Order order, StoredMessage stored) {
        QueuedMessage m = stored.message();
        switch (order.kind()) {
            case EXPIRE -> engine.expire(stored);
            case DELETE -> delete(order, stored);
            case MOVE -> engine.requeue(stored, members.through(order.to(), m));
            case RETRY, HOLD -> engine.requeue(stored, m);
        }
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
            try {
                if (r.drain != null && r.drain.gone()) {
                    running.remove(r.order.number());
                    forget(r.order);
                }
            } catch (RuntimeException e) {
                LOG.error("order {} is looked at again later", r.order.number(), e);
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
