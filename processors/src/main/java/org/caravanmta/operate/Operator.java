package org.caravanmta.operate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.delivery.DeliveryEngine;
import org.caravanmta.delivery.QueueReport;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.operate.Census.Count;
import org.caravanmta.operate.Order.Kind;
import org.caravanmta.queue.MessageStore;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueueHolds;
import org.caravanmta.steering.QueuePattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator sees of the queues and does to them. Every method may be called from any thread and may block for as
 * long as it takes to look through the queues. What is wrong with a wish is told by an
 * {@link IllegalArgumentException}, in the operator's words.
 */
public final class Operator {

    private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.operator");

    private static final Duration EXPIRY_LOOK = Duration.ofSeconds(30);

    private final MessageStore store;
    private final DeliveryEngine engine;
    private final Supplier<CaravanConfig> config;
    private final HoldsFile holdsFile;
    private final Orders orders;
    private final Census census;
    private volatile QueueHolds holds;

    /**
     * @param home pauses and orders survive a restart below this folder
     * @throws IOException the pauses of a former run cannot be read
     */
    public Operator(MessageStore store, DeliveryEngine engine, Supplier<CaravanConfig> config, Path home)
            throws IOException {
        this(store, engine, config, home, EXPIRY_LOOK);
    }

    /** @param expiryLook how often mail that waits for the operator is looked through for what expires */
    public Operator(MessageStore store, DeliveryEngine engine, Supplier<CaravanConfig> config, Path home,
            Duration expiryLook)
            throws IOException {
        this.store = store;
        this.engine = engine;
        this.config = config;
        this.holdsFile = new HoldsFile(home.resolve("paused-queues"));
        this.orders = new Orders(store, engine, config, new OrderBook(home.resolve("orders")),
                expiryLook);
        this.census = new Census(store);
        this.holds = holdsFile.read();
        engine.hold(holds);
    }

    /** After the engine has started. */
    public void start() throws IOException {
        orders.start();
    }

    public void stop() {
        orders.stop();
    }

    // ----------------------------------------------------------------- steer

    /** Nothing of what is meant leaves until it is resumed; it still expires. Whole queues, or single messages. */
    public synchronized void pause(MessageSelection which) throws IOException {
        check(which.queues());
        if (which.wholeQueues())
            hold(holds.pause(which.queues()));
        else if (!orders.held().contains(which))
            orders.give(Kind.HOLD, which, null);
        LOG.info("paused: {}", which);
    }

    /** Says whether anything was paused that is not any more. */
    public synchronized boolean resume(MessageSelection which) throws IOException {
        if (!said(which.queues().virtualMta()))
            check(which.queues());
        int before = orders.held().size();
        QueueHolds old = holds;
        if (which.wholeQueues())
            hold(holds.resume(which.queues(), config.get()));
        orders.release(held -> which.equals(held) || which.equals(MessageSelection.of(QueuePattern.EVERY)));
        LOG.info("resumed: {}", which);
        return !holds.equals(old) || orders.held().size() < before;
    }

    /** What was paused can be resumed, also when its pool is not configured any more. */
    private boolean said(String virtualMta) {
        return holds.said().stream().anyMatch(w -> w.queues().virtualMta().equals(virtualMta))
                || orders.held().stream().anyMatch(s -> s.queues().virtualMta().equals(virtualMta));
    }

    private void hold(QueueHolds now) throws IOException {
        holdsFile.write(now);
        holds = now;
        engine.hold(now);
    }

    /** Ends what is meant with a record. Tells how many messages that are; what is being sent is left alone. */
    public long delete(MessageSelection which) throws IOException {
        check(which.queues());
        long found = orders.give(Kind.DELETE, which, null);
        LOG.info("deleted {} messages: {}", found, which);
        return found;
    }

    /** Deferred mail that is meant is tried at once, whatever its retry time. Tells how many messages that are. */
    public long retry(MessageSelection which) throws IOException {
        check(which.queues());
        Set<String> queues = new HashSet<>();
        if (!which.wholeQueues())
            census.each((m, due, held) -> {
                if (which.matches(m, config.get(), System.currentTimeMillis()))
                    queues.add(name(m.destination(), m.virtualMta()));
            });
        long found = orders.give(Kind.RETRY, which, null);
        engine.retryNow((destination, v) -> which.wholeQueues() ? which.queues().matches(destination, v, config.get())
                : queues.contains(name(destination, v)));
        LOG.info("tried at once: {} messages: {}", found, which);
        return found;
    }

    /** What is meant leaves through another VirtualMTA, or a pool. Tells how many messages that are. */
    public long move(MessageSelection which, String to) throws IOException {
        check(which.queues());
        CaravanConfig now = config.get();
        if (!now.virtualMtas().containsKey(to) && !now.pools().containsKey(to))
            throw unknown(to);
        long found = orders.give(Kind.MOVE, which, to);
        LOG.info("moved {} messages to {}: {}", found, to, which);
        return found;
    }

    /** A slip of the pen must not look like success. Mail may wait for a VirtualMTA that is not configured any more. */
    private void check(QueuePattern queues) {
        String name = queues.virtualMta();
        CaravanConfig now = config.get();
        if (!name.equals(QueuePattern.ANY) && !now.virtualMtas().containsKey(name) && !now.pools().containsKey(name)
                && store.queues(QueueNames.VMTA).stream().noneMatch(q -> QueueNames.belongsTo(q, name)))
            throw unknown(name);
    }

    private IllegalArgumentException unknown(String name) {
        List<String> names = new ArrayList<>(config.get().virtualMtas().keySet());
        names.addAll(config.get().pools().keySet());
        return new IllegalArgumentException("there is no virtual-mta or virtual-mta-pool \"" + name + "\""
                + NearestWord.of(name, names).map(n -> "; did you mean " + n + "?").orElse(""));
    }

    // ------------------------------------------------------------------- see

    /**
     * A queue with what waits in it and what it does.
     *
     * @param report null when it does nothing just now
     */
    public record QueueView(String destination, String virtualMta, Count count, QueueReport report, boolean paused) {
    }

    /** A VirtualMTA, a domain or a job. {@code paused}: why nothing leaves; null when something may. */
    public record NamedView(Count count, int connections, String paused) {
    }

    /** The queues that are meant, those with most recipients first. */
    public List<QueueView> queues(QueuePattern which) {
        check(which);
        Map<String, QueueReport> reports = new HashMap<>();
        for (QueueReport r : engine.report())
            if (which.matches(r.destination(), r.virtualMta(), config.get()))
                reports.put(name(r.destination(), r.virtualMta()), r);
        List<QueueView> views = new ArrayList<>();
        for (Count c : census.by(m -> which.matches(m.destination(), m.virtualMta(), config.get())
                ? name(m.destination(), m.virtualMta()) : null))
            views.add(view(c, reports.remove(c.name())));
        reports.values().stream().filter(r -> r.connections() + r.dialling() + r.events().size() > 0)
                .forEach(r -> views.add(view(empty(name(r.destination(), r.virtualMta())), r)));
        return views;
    }

    private QueueView view(Count c, QueueReport r) {
        int slash = c.name().indexOf('/');
        String destination = c.name().substring(0, slash);
        String virtualMta = c.name().substring(slash + 1);
        boolean paused = engine.pauseReason(virtualMta) != null
                || holds.paused(destination, virtualMta, config.get());
        return new QueueView(destination, virtualMta, c, r, paused);
    }

    private static String name(String destination, String virtualMta) {
        return destination + "/" + virtualMta;
    }

    private static Count empty(String name) {
        return new Count(name, 0, 0, 0, 0, 0, 0, 0, null);
    }

    /** All VirtualMTAs, those with most recipients waiting first, then in file order. */
    public List<NamedView> virtualMtas() {
        Map<String, Integer> connections = connections(QueueReport::virtualMta);
        List<NamedView> views = new ArrayList<>();
        List<Count> counts = new ArrayList<>(census.by(QueuedMessage::virtualMta));
        Set<String> waiting = counts.stream().map(Count::name).collect(Collectors.toSet());
        config.get().virtualMtas().keySet().stream().filter(v -> !waiting.contains(v))
                .forEach(v -> counts.add(empty(v)));
        for (Count c : counts)
            views.add(new NamedView(c, connections.getOrDefault(c.name(), 0), engine.pauseReason(c.name())));
        return views;
    }

    /** Recipient domains. */
    public List<NamedView> domains() {
        Map<String, Integer> connections = connections(QueueReport::destination);
        return census.by(QueuedMessage::destination).stream()
                .map(c -> new NamedView(c, connections.getOrDefault(c.name(), 0), null)).toList();
    }

    /** Jobs with mail that waits. */
    public List<NamedView> jobs() {
        List<MessageSelection> held = orders.held();
        Map<String, String> heldUp = engine.jobsHeldUp();
        return census.by(QueuedMessage::jobId).stream().map(c -> new NamedView(c, 0,
                held.stream().anyMatch(s -> c.name().equals(s.jobId())) ? "paused" : heldUp.get(c.name()))).toList();
    }

    /** Jobs with mail in these queues that a limit of the job holds up, with its directive. */
    public Map<String, String> jobsHeldUp(QueuePattern which) {
        Map<String, String> all = engine.jobsHeldUp();
        Map<String, String> here = new TreeMap<>();
        if (!all.isEmpty())
            census.each((m, due, held) -> {
                if (m.jobId() != null && all.containsKey(m.jobId())
                        && which.matches(m.destination(), m.virtualMta(), config.get()))
                    here.put(m.jobId(), all.get(m.jobId()));
            });
        return here;
    }

    private Map<String, Integer> connections(Function<QueueReport, String> by) {
        Map<String, Integer> sums = new HashMap<>();
        engine.report().forEach(r -> sums.merge(by.apply(r), r.connections(), Integer::sum));
        return sums;
    }

    /** A message that waits. {@code dueMs}: when a deferred one is tried again; 0 for any other. */
    public record Waiting(QueuedMessage message, long dueMs, boolean held) {
    }

    /** Messages that are meant, at most so many. */
    public List<Waiting> list(MessageSelection which, int most) {
        check(which.queues());
        List<Waiting> found = new ArrayList<>();
        long now = System.currentTimeMillis();
        census.each((m, due, held) -> {
            if (found.size() < most && which.matches(m, config.get(), now))
                found.add(new Waiting(m, due, held));
        });
        return found;
    }

    /** What the operator has paused, in his words. */
    public List<String> paused() {
        List<String> said = new ArrayList<>();
        holds.said().forEach(w -> said.add(w.toString()));
        orders.held().forEach(s -> said.add("pause " + s));
        return said;
    }

    /** Messages in all queues, by the queues' own counts: cheap. */
    public long messagesWaiting() {
        long sum = 0;
        for (String prefix : List.of(QueueNames.VMTA, QueueNames.RETRY, QueueNames.ORDER))
            for (String queue : store.queues(prefix))
                sum += store.count(queue);
        return sum;
    }
}
