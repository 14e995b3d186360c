package org.caravanmta.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.MxRollup;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.MessageStore.Subscription;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.throttle.ConnectionPermits;
import org.caravanmta.throttle.LimitLedger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoop;

/**
 * The way out of one VirtualMTA: takes messages from its main queue, sorts them by destination, and lets those go that
 * may. {@link #offer} runs on a broker thread; everything else on this VirtualMTA's event loop.
 */
final class VirtualMtaDelivery implements MessageStore.Receiver, DeliveryContext {

    private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.delivery");
    private static final int WINDOW_MESSAGES = 4000;
    private static final long CARE_MS = 1000;

    private final String name;
    private final EventLoop loop;
    private final DeliveryEngine engine;
    private final DeliveryWindow window;
    private final WaitingCounts waiting = new WaitingCounts();
    private final Map<String, DestinationState> destinations = new HashMap<>();
    private final MxRollups rollups = new MxRollups(this);
    private final JobLines jobs;
    private final SourceRotation rotation;
    private final VirtualMtaLimits limits;
    private volatile List<ConnectionPermits> permits;
    private final AtomicBoolean relieving = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean refused;
    private volatile boolean stopping;
    /** No source address works: a pause until they are tried again. */
    private volatile boolean sourceless;
    private volatile boolean sourcesMissing;
    /** An operator has paused every queue of it. */
    private volatile boolean held;
    /** A reload has taken it out of the configuration: its mail waits. */
    private volatile boolean removed;
    private Subscription main;
    private List<MxRollup> rollupLists;
    private int cares;

    VirtualMtaDelivery(VirtualMta virtualMta, EventLoop loop, DeliveryEngine engine, long windowBytes) {
        this.name = virtualMta.name();
        this.rotation = new SourceRotation(virtualMta.sourceHosts());
        this.loop = loop;
        this.engine = engine;
        this.limits = new VirtualMtaLimits(virtualMta, loop, this, engine.ledger());
        this.jobs = new JobLines(this, engine.jobs());
        pools(engine.pools().of(name));
        this.rollupLists = engine.config().mxRollups();
        this.window = new DeliveryWindow(WINDOW_MESSAGES, windowBytes);
    }

    void start() {
        String queue = QueueNames.virtualMta(name);
        waiting.found(engine.store().count(queue));
        loop.execute(() -> {
            held = engine.holds().pausedWhole(name, engine.config());
            adoptSplitQueues();
            main = engine.store().subscribe(queue, this);
            loop.scheduleWithFixedDelay(this::care, CARE_MS, CARE_MS, TimeUnit.MILLISECONDS);
        });
    }

    // ------------------------------------------------------------ taking mail

    @Override
    public boolean offer(StoredMessage message) {
        if (stopping)
            return false;
        if (window.full()) {
            refused = true;
            if (window.full()) {
                relieveSoon();
                return false;
            }
        }
        taken(message);
        if (message.message().unsigned())
            engine.signAgain(message, () -> loop.execute(() -> {
                waiting.taken(message.message().destination());
                released(message);
            }));
        else
            loop.execute(() -> destination(queueOf(message)).arrive(message, false));
        return true;
    }

    /** A message is on its way to the main queue. Any thread, before it is stored. */
    void announce(String destination) {
        waiting.enqueued(destination);
        if (refused)
            relieveSoon();
    }

    void taken(StoredMessage message) {
        window.take(message.message().content().sizeBytes());
    }

    private void released(StoredMessage message) {
        window.release(message.message().content().sizeBytes());
        if (refused && window.roomy()) {
            refused = false;
            main.resume();
        }
    }

    DestinationState destination(String destination) {
        DestinationState state = destinations.get(destination);
        if (state == null) {
            state = new DestinationState(destination, this);
            destinations.put(destination, state);
        }
        return state;
    }

    /** The queue that a message goes to now. */
    String queueOf(StoredMessage message) {
        return rollups.queueOf(message.message().destination());
    }

    /** See {@link DestinationState#show}. */
    boolean show(StoredMessage message) {
        return destination(queueOf(message)).show(message);
    }

    // ----------------------------------------------------- attempts and moves

    void attempt(DeliveryAttempt attempt) {
        engine.begin(attempt);
    }

    /** The message changes its queue as it is. */
    void move(StoredMessage message, String queue) {
        engine.store().settle(message, List.of(new Placement(queue, message.message())), List.of());
        released(message);
    }

    /** The attempt is settled, or begins again. */
    void ended(DecidedAttempt decided) {
        DeliveryAttempt attempt = decided.result().attempt();
        DestinationState state = destination(attempt.queue());
        if (attempt.line() != null) {
            transacted(state, attempt);
            state.remember(decided.outcomes());
        }
        if (decided.again())
            state.again(attempt.stored());
        else
            released(attempt.stored());
    }

    /** An attempt broke in our own code and its message was parked. */
    void parked(DeliveryAttempt attempt) {
        if (attempt.line() != null)
            transacted(destination(attempt.queue()), attempt);
        released(attempt.stored());
    }

    private void transacted(DestinationState state, DeliveryAttempt attempt) {
        QueuedMessage message = attempt.message();
        state.transacted(message, attempt.line());
        limits.messageEnded(attempt.line(), message.recipients().size(), message.content().sizeBytes(), nanoTime());
    }

    Duration retryAfter(DeliveryAttempt attempt) {
        return destination(attempt.queue()).retryAfter(attempt);
    }

    // ------------------------------------------------------------ congestion

    private void relieveSoon() {
        if (!relieving.getAndSet(true))
            loop.execute(() -> {
                relieving.set(false);
                relieve();
            });
    }

    /**
     * The window is full while others wait in the main queue: the destinations that hold most of it are split off, until
     * a quarter is free. Not while no name server answers: then nearly all of them wait, and each would get a queue.
     */
    void relieve() {
        if (!refused || stopping || paused() || engine.hops().blind())
            return;
        List<DestinationState> largest = new ArrayList<>(destinations.values());
        largest.removeIf(d -> d.readyCount() == 0);
        largest.sort(Comparator.comparingInt(DestinationState::readyCount).reversed());
        for (DestinationState d : largest) {
            if (!refused || window.roomy())
                return;
            if (rollups.othersWait(d))
                d.evict();
        }
        jobs.evict(() -> !refused || window.roomy());
    }

    /** Split-off queues that a former run left, or that a late message has brought back. */
    private void adoptSplitQueues() {
        String prefix = QueueNames.virtualMta(name) + ".";
        for (String queue : engine.store().queues(prefix)) {
            String job = QueueNames.jobOf(queue, name);
            if (job != null)
                jobs.adopt(job);
            else
                adopt(destination(QueueNames.destinationOf(queue, name)));
        }
    }

    private static void adopt(DestinationState d) {
        if (!d.splitOff())
            d.splitOff(true);
    }

    // ------------------------------------------------------------------ care

    private void care() {
        if (stopping)
            return;
        if (++cares % 10 == 0)
            adoptSplitQueues();
        if (cares % 600 == 0)
            rollups.tidy();
        long now = nanoTime();
        for (DestinationState d : states())
            if (d.tick(now)) {
                destinations.remove(d.name());
                waiting.forget(d.name());
                limits.forget(d);
                d.limits().close();
            }
        jobs.tick(now);
        if (sourcesMissing && destinations.isEmpty())
            sourcesMissing = false;
        relieve();
        if (refused && window.roomy()) {
            refused = false;
            main.resume();
        }
    }

    // ---------------------------------------------------------------- change

    /** Another configuration. Null: this VirtualMTA is not in it; its mail waits until it is again. Any thread. */
    void configured(VirtualMta now) {
        loop.execute(() -> {
            removed = now == null;
            if (removed) {
                destinations.values().forEach(DestinationState::rest);
                return;
            }
            limits.settings(now.limits(), nanoTime());
            pools(engine.pools().of(name));
            List<DestinationState> queues = states();
            if (!now.sourceHosts().equals(rotation.hosts())) {
                rotation.hosts(now.sourceHosts());
                queues.forEach(DestinationState::sourcesChanged);
            }
            queues.forEach(DestinationState::refresh);
            held();
            rollups.changed(!config().mxRollups().equals(rollupLists));
            rollupLists = config().mxRollups();
        });
    }

    private void pools(List<PoolLimits> now) {
        List<ConnectionPermits> needed = new ArrayList<>(List.of(limits.connections()));
        now.forEach(p -> needed.add(p.connections()));
        needed.add(engine.connections().total());
        permits = List.copyOf(needed);
        limits.pools(now.stream().map(PoolLimits::messages).toList(), nanoTime());
    }

    /** Other queues may be paused than before. Any thread. */
    void holdsChanged() {
        loop.execute(() -> {
            held();
            rollups.changed(false);
        });
    }

    private void held() {
        held = engine.holds().pausedWhole(name, engine.config());
        states().forEach(DestinationState::holdChanged);
    }

    boolean held(String destination) {
        return engine.holds().paused(destination, name, engine.config());
    }

    String diverted(StoredMessage message) {
        return engine.diverted(message.message());
    }

    /** Moves what waits in memory and is meant to that queue. Any thread; tells how many messages that were. */
    CompletableFuture<Long> sift(Predicate<QueuedMessage> meant, String queue) {
        return CompletableFuture.supplyAsync(() -> {
            long moved = jobs.sift(meant, queue);
            for (DestinationState d : destinations.values())
                moved += d.sift(meant, queue);
            waiting.recount(engine.store().count(QueueNames.virtualMta(name)));
            return moved;
        }, loop);
    }

    /** Queues that wait for their next attempt make it now. Any thread. */
    void retryNow(Predicate<String> destination) {
        loop.execute(() -> states().stream().filter(d -> destination.test(d.name()))
                .forEach(DestinationState::retryNow));
    }

    /** The rollup that a domain was last seen in; null when it is in none. Any thread. */
    CompletableFuture<String> rollupOf(String domain) {
        return CompletableFuture.supplyAsync(() -> rollups.rollupOf(domain), loop);
    }

    /** What its queues do just now. Any thread. */
    CompletableFuture<List<QueueReport>> report() {
        return CompletableFuture.supplyAsync(
                () -> destinations.values().stream().map(DestinationState::report).toList(),
                loop);
    }

    // --------------------------------------------------------------- sources

    /**
     * Whether mail that may take another way should still come here. Any thread. While every source address is missing
     * it should not, until one of them works again or nothing is left here that would find that out.
     */
    boolean available() {
        return !paused() && !sourcesMissing;
    }

    @Override
    public void sourceMissing(InetAddress address) {
        if (rotation.missing(address, nanoTime()))
            LOG.error("ALARM: source address {} of VirtualMTA {} is not on this machine; its mail waits",
                    address.getHostAddress(), name);
        if (!sourceless && rotation.none(nanoTime())) {
            sourceless = true;
            sourcesMissing = true;
            loop.schedule(() -> {
                sourceless = false;
                states().forEach(DestinationState::pump);
            }, 10, TimeUnit.SECONDS);
        }
    }

    @Override
    public void sourceWorks(InetAddress address) {
        if (sourcesMissing)
            sourcesMissing = false;
        if (rotation.works(address))
            LOG.warn("source address {} of VirtualMTA {} is back", address.getHostAddress(), name);
    }

    // ------------------------------------------------------------------ stop

    /** Takes no more mail, lets running transactions end. */
    CompletableFuture<Void> stop() {
        loop.execute(() -> {
            stopping = true;
            if (main != null)
                main.close();
            destinations.values().forEach(DestinationState::stop);
            jobs.stop();
            awaitQuiet();
        });
        return stopped;
    }

    private void awaitQuiet() {
        if (destinations.values().stream().allMatch(DestinationState::quiet))
            stopped.complete(null);
        else
            loop.schedule(this::awaitQuiet, 20, TimeUnit.MILLISECONDS);
    }

    void abort() {
        loop.execute(() -> destinations.values().forEach(DestinationState::abort));
    }

    // --------------------------------------------------------------- context

    String name() {
        return name;
    }

    VirtualMtaLimits limits() {
        return limits;
    }

    JobLines jobs() {
        return jobs;
    }

    DeliveryWindow window() {
        return window;
    }

    MxRollups rollups() {
        return rollups;
    }

    /** Its queues as they are now; they may become others meanwhile. */
    List<DestinationState> states() {
        return List.copyOf(destinations.values());
    }

    /** Whether as much is in memory as may be. */
    boolean full() {
        return window.full();
    }

    WaitingCounts waiting() {
        return waiting;
    }

    boolean stopping() {
        return stopping;
    }

    /** Whether nothing may leave just now, to whatever destination. */
    boolean paused() {
        return sourceless || held || removed;
    }

    /** Why nothing may leave: in the operator's words; null when something may. */
    String pauseReason() {
        return removed ? "not configured" : held ? "paused" : sourceless ? "no source address" : null;
    }

    LimitLedger ledger() {
        return engine.ledger();
    }

    MessageStore store() {
        return engine.store();
    }

    DomainSettings settings(String destination) {
        return engine.config().settings(name, destination);
    }

    CaravanConfig config() {
        return engine.config();
    }

    long nowMs() {
        return engine.nowMs();
    }

    Logger log() {
        return LOG;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public NextHops hops() {
        return engine.hops();
    }

    @Override
    public SmtpConnector connector() {
        return engine.connector();
    }

    @Override
    public List<SourceHost> sources() {
        return rotation.hosts();
    }

    @Override
    public SourceRotation rotation() {
        return rotation;
    }

    @Override
    public List<ConnectionPermits> permits() {
        return permits;
    }

    @Override
    public List<ConnectionPermits> permits(InetAddress source, Target target) {
        return engine.connections().of(source, target);
    }

    @Override
    public TlsChoice tls() {
        return engine.tls();
    }

    @Override
    public void tlsBroken(InetSocketAddress host, String why) {
        if (engine.tls().broken(host, TlsChoice.BROKEN, nanoTime()))
            LOG.warn("mail goes without TLS there for {} min: {}", TlsChoice.BROKEN.toMinutes(), why);
    }

    @Override
    public String hostName() {
        return engine.config().hostName();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
