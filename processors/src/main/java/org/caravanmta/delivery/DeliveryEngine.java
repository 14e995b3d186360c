package org.caravanmta.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.delivery.DeliveryAttempt.Ending;
import org.caravanmta.dns.MxResolver;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.steering.QueueHolds;
import org.caravanmta.throttle.LimitLedger;
import org.caravanmta.tls.policy.PeerPolicies;
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
    private final LimitLedger ledger;
    private final SharedPools pools;
    private final SharedJobs jobs;
    private final TlsChoice tls = new TlsChoice();
    private final RetrySlots retrySlots;
    private final SharedConnections connections = new SharedConnections();
    private final DeliveryCounters counters = new DeliveryCounters();
    private final Map<String, VirtualMtaDelivery> virtualMtas = new ConcurrentHashMap<>();
    private volatile Consumer<DeliveryAttempt> route;
    private volatile QueueHolds holds = QueueHolds.NONE;
    private volatile Function<QueuedMessage, String> diversion;
    private final LateSignatures lateSignatures;
    private long windowBytes;

    /** @param policies what DANE and MTA-STS demand of hosts; null where no settings use them */
    public DeliveryEngine(MessageStore store, Supplier<CaravanConfig> config, MxResolver resolver,
            SmtpConnector connector, EventLoopGroup loops, LongSupplier clockMs, RandomGenerator random,
            LimitLedger ledger, PeerPolicies policies) {
        this.store = store;
        this.config = config;
        this.hops = new NextHops(resolver, policies, random);
        this.connector = connector;
        this.loops = loops;
        this.clockMs = clockMs;
        this.ledger = ledger;
        this.pools = new SharedPools(loops, ledger);
        this.jobs = new SharedJobs(loops, ledger);
        this.retrySlots = new RetrySlots(store, loops.next(), clockMs, due -> requeue(due, due.message()));
        this.lateSignatures = new LateSignatures(this, retrySlots);
    }

    /**
     * Starts to take mail from the queues.
     *
     * @param deliveryRoute called on a VirtualMTA's event loop for each attempt that may begin; must not block
     */
    public void start(Consumer<DeliveryAttempt> deliveryRoute) {
        route = deliveryRoute;
        CaravanConfig now = config.get();
        connections.limit(now.smtpOut());
        pools.configured(now);
        jobs.configured(now);
        windowBytes = windowBytes(now);
        now.virtualMtas().values().forEach(this::create);
        virtualMtas.values().forEach(VirtualMtaDelivery::start);
        retrySlots.start();
        warnOfForeignQueues();
    }

    /** All windows together take a quarter of the memory. */
    private static long windowBytes(CaravanConfig config) {
        return Math.clamp(Runtime.getRuntime().maxMemory() / 4 / config.virtualMtas().size(), 1 << 20, 64 << 20);
    }

    private VirtualMtaDelivery create(VirtualMta v) {
        VirtualMtaDelivery created = new VirtualMtaDelivery(v, loops.next(), this, windowBytes);
        virtualMtas.put(v.name(), created);
        return created;
    }

    /**
     * Another configuration. VirtualMTAs that are new begin to send, those that are gone send nothing more and keep
     * their mail, all others change at once; what was used of a limit still counts.
     *
     * @param swap makes {@code next} what the supplier of this engine gives
     */
    public synchronized void reload(CaravanConfig next, Runnable swap) {
        windowBytes = windowBytes(next);
        virtualMtas.values().forEach(v -> v.window().limit(windowBytes));
        pools.configured(next);
        jobs.configured(next);
        List<VirtualMtaDelivery> added = next.virtualMtas().values().stream()
                .filter(v -> !virtualMtas.containsKey(v.name())).map(this::create).toList();
        swap.run();
        connections.limit(next.smtpOut());
        added.forEach(VirtualMtaDelivery::start);
        virtualMtas.forEach((name, v) -> v.configured(next.virtualMtas().get(name)));
        warnOfForeignQueues();
    }

    // ------------------------------------------------------------- steering

    /** Which queues are paused from now on. Any thread. */
    public void hold(QueueHolds now) {
        holds = now;
        virtualMtas.values().forEach(VirtualMtaDelivery::holdsChanged);
    }

    /**
     * Mail that is not to go out but to another queue.
     *
     * @param queueOf the other queue of a message, null for its ordinary way; called on event loops. Null: no mail is
     */
    public void divert(Function<QueuedMessage, String> queueOf) {
        diversion = queueOf;
    }

    /** The other queue that a message goes to; null when it goes its ordinary way. */
    String diverted(QueuedMessage message) {
        Function<QueuedMessage, String> now = diversion;
        return now == null ? null : now.apply(message);
    }

    /** Moves what waits in memory and is meant to that queue; what is being sent is left alone. Blocks. */
    public long sift(Predicate<QueuedMessage> meant, String queue) {
        List<CompletableFuture<Long>> all = virtualMtas.values().stream().map(v -> v.sift(meant, queue)).toList();
        return all.stream().mapToLong(CompletableFuture::join).sum();
    }

    /** Queues that wait for their next attempt make it now, those that are meant. Any thread. */
    public void retryNow(BiPredicate<String, String> destinationAndVirtualMta) {
        virtualMtas.forEach((name, v) -> v.retryNow(d -> destinationAndVirtualMta.test(d, name)));
    }

    /** The queues that are at work or were just now. Blocks. */
    public List<QueueReport> report() {
        List<CompletableFuture<List<QueueReport>>> all = virtualMtas.values().stream().map(VirtualMtaDelivery::report)
                .toList();
        return all.stream().flatMap(f -> f.join().stream()).toList();
    }

    /** Jobs that a limit holds up just now, by name, with its directive. Any thread. */
    public Map<String, String> jobsHeldUp() {
        return jobs.heldUp();
    }

    /** Connections of all VirtualMTAs, those being opened included. Any thread. */
    public int connectionsOut() {
        return connections.total().used();
    }

    /** The rollup that mail for a domain leaves by, as far as is known; null when it is none. Blocks. */
    public String rollupOf(String domain, String virtualMta) {
        VirtualMtaDelivery v = virtualMtas.get(virtualMta);
        return v == null ? null : v.rollupOf(domain).join();
    }

    /** Why nothing leaves through a VirtualMTA, in the operator's words; null when something may. Any thread. */
    public String pauseReason(String virtualMta) {
        VirtualMtaDelivery v = virtualMtas.get(virtualMta);
        return v == null ? "not configured" : v.pauseReason();
    }

    /**
     * Whether messages may wait in a VirtualMTA's queue and not be taken for long: it is paused or not configured, or the
     * queue is one that was split off. Any thread.
     */
    public boolean rests(String queue) {
        boolean splitOff = !queue.equals(QueueNames.mainQueueOf(queue));
        return splitOff || pauseReason(QueueNames.virtualMtaOf(queue)) != null;
    }

    /** Ends a message without a try, with a record, through the delivery route. Any thread. */
    public void delete(StoredMessage stored) {
        end(stored, Ending.DELETED);
    }

    /** The same for one whose {@code bounce-after} has passed while it waited apart. Any thread. */
    public void expire(StoredMessage stored) {
        end(stored, Ending.OVERDUE);
    }

    private void end(StoredMessage stored, Ending ending) {
        QueuedMessage m = stored.message();
        DeliveryAttempt attempt = DeliveryAttempt.ended(stored, m.destination(),
                config().settings(m.virtualMta(), m.destination()), ending);
        VirtualMtaDelivery v = virtualMtas.get(m.virtualMta());
        (v == null ? loops.next() : v.loop()).execute(() -> begin(attempt));
    }

    /** Empties a queue: each message is given to {@code each} on a broker thread, and is to be settled. */
    public Drain drain(String queue, Consumer<StoredMessage> each) {
        return new Drain(store, queue, loops.next(), each);
    }

    /** Mail of a VirtualMTA that is no longer configured waits: it must not leave from another address. */
    private void warnOfForeignQueues() {
        Set<String> configured = config().virtualMtas().keySet().stream().map(QueueNames::virtualMta)
                .collect(Collectors.toSet());
        for (String queue : store.queues(QueueNames.VMTA))
            if (!configured.contains(QueueNames.mainQueueOf(queue)) && store.count(queue) > 0)
                LOG.error("ALARM: {} messages wait in {}, whose VirtualMTA is not configured", store.count(queue),
                        queue);
    }

    /** To be called before a message is put on a VirtualMTA's main queue. Any thread. */
    public void announce(QueuedMessage message) {
        VirtualMtaDelivery v = virtualMtas.get(message.virtualMta());
        if (v != null)
            v.announce(message.destination());
    }

    /** A message that waited elsewhere goes to the main queue of its VirtualMTA, perhaps changed. Any thread. */
    public void requeue(StoredMessage stored, QueuedMessage as) {
        announce(as);
        store.settle(stored, List.of(new Placement(QueueNames.virtualMta(as.virtualMta()), as)), List.of());
    }

    /** An announced message was not stored after all. Any thread. */
    public void withdraw(QueuedMessage message) {
        VirtualMtaDelivery v = virtualMtas.get(message.virtualMta());
        if (v != null)
            v.waiting().taken(message.destination());
    }

    /**
     * Who tries again to sign mail that could not be signed when it came. To be called before the start.
     *
     * @param signer  gives the message as it may leave, or as it has to wait on
     * @param workers run one task for each message
     */
    public void signLate(UnaryOperator<QueuedMessage> signer, Executor workers) {
        lateSignatures.by(signer, workers);
    }

    /** Mail that must not leave as it is. {@code done}: it is on its way elsewhere; called on any thread. */
    void signAgain(StoredMessage stored, Runnable done) {
        lateSignatures.sign(stored, done);
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

    /** One that gives rise to no report. */
    public void settle(DecidedAttempt decided, byte[] event) {
        settle(decided, event, GeneratedReports.NONE);
    }

    /**
     * Ends an attempt: acknowledges the message, puts what is deferred on its retry slot and reports on their queues, and
     * stores the event, in one transaction. Called on the VirtualMTA's event loop.
     *
     * @param event the accounting event; null when there is none
     */
    public void settle(DecidedAttempt decided, byte[] event, GeneratedReports reports) {
        DeliveryAttempt attempt = decided.result().attempt();
        if (attempt.ending() != null && attempt.ending().apart()) {
            counters.count(decided.outcomes());
            store.settle(attempt.stored(), with(reports, List.of()), List.of(event));
            return;
        }
        VirtualMtaDelivery v = virtualMtas.get(attempt.message().virtualMta());
        if (!decided.again()) {
            counters.count(decided.outcomes());
            store.settle(attempt.stored(), with(reports, placements(decided, v, reports.delayedAtMs())),
                    event == null ? List.of() : List.of(event));
        }
        v.ended(decided);
    }

    private List<Placement> with(GeneratedReports reports, List<Placement> deferred) {
        if (reports.messages().isEmpty())
            return deferred;
        counters.reported.add(reports.messages().size());
        reports.messages().forEach(this::announce);
        return Stream.concat(deferred.stream(), reports.messages().stream()
                .map(m -> new Placement(QueueNames.virtualMta(m.virtualMta()), m))).toList();
    }

    private List<Placement> placements(DecidedAttempt decided, VirtualMtaDelivery v, long delayReportedMs) {
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
        DeliveryAttempt attempt = decided.result().attempt();
        QueuedMessage m = attempt.message().deferred(remaining, failure, nowMs());
        return List.of(retrySlots.placement(delayReportedMs == 0 ? m
                : m.with((m.dsn() == null ? DsnRequest.NONE : m.dsn()).delayReported(delayReportedMs)),
                v.retryAfter(attempt), attempt.settings().bounceAfter()));
    }

    /** Our own code failed on this message: it is kept aside with the reason, never looped, never dropped. */
    public void park(DeliveryAttempt attempt, String reason) {
        counters.parked.add(attempt.message().recipients().size());
        LOG.error("parked a message of {}/{}: {}", attempt.queue(), attempt.message().virtualMta(),
                reason);
        store.settle(attempt.stored(), List.of(new Placement(QueueNames.PARKED, attempt.message(), reason)), List.of());
        if (attempt.ending() == null || !attempt.ending().apart())
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

    SharedPools pools() {
        return pools;
    }

    TlsChoice tls() {
        return tls;
    }

    SharedJobs jobs() {
        return jobs;
    }

    LimitLedger ledger() {
        return ledger;
    }

    SharedConnections connections() {
        return connections;
    }

    QueueHolds holds() {
        return holds;
    }

    long nowMs() {
        return clockMs.getAsLong();
    }
}
