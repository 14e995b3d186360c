package org.caravanmta.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.caravanmta.bounce.FailurePolicy;
import org.caravanmta.bounce.FailurePolicy.ConnectVerdict;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.tls.ClientTls;
import org.caravanmta.delivery.DeliveryAttempt.Ending;
import org.caravanmta.delivery.NextHops.Targets;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.throttle.LedgerPage;

/**
 * One queue {@code destination/vmta}: what waits in memory, its limits, whether it waits for its next attempt, and the
 * last trouble. Owned by the VirtualMTA's event loop.
 */
final class DestinationState {

    /** Messages a split-off queue may have in memory. */
    private static final int SPLIT_CREDIT = 200;

    /** After a failure, so many messages try first. */
    private static final int PROBE = 20;

    private final String name;
    private final VirtualMtaDelivery owner;
    private final DestinationConnections connections;
    private final QueueLimits limits;
    private final Alarm askAgain;
    /** Who shares it; null for the queue of one domain. */
    private final RollupMembers members;
    private final LastEvents events = new LastEvents();
    private final ArrayDeque<StoredMessage> ready = new ArrayDeque<>();
    private DomainSettings settings;
    private SplitQueue split;
    private int failuresInARow;
    private long nextAttemptNanos;
    private boolean waiting;
    /** An operator has paused this queue. */
    private boolean held;
    /** Where its domain is going to be rolled up into, once nothing of its own is under way any more; null: nowhere. */
    private RollupChoice heir;
    /** What came from its split-off queue went on to a rollup. */
    private boolean passesOn;
    private long lastUsedNanos;

    DestinationState(String name, VirtualMtaDelivery owner) {
        this.name = name;
        this.owner = owner;
        this.members = MxRollups.isRollup(name) ? new RollupMembers() : null;
        this.settings = owner.settings(name);
        this.held = owner.held(name);
        this.limits = new QueueLimits(settings,
                new LedgerPage(owner.ledger(), owner.name(), name, "", owner.loop(), this::reserved));
        this.askAgain = new Alarm(owner.loop(), this::pump);
        this.connections = new DestinationConnections(this, owner);
    }

    String name() {
        return name;
    }

    DomainSettings settings() {
        return settings;
    }

    QueueLimits limits() {
        return limits;
    }

    boolean stopping() {
        return owner.stopping() || heir != null;
    }

    RollupMembers members() {
        return members;
    }

    int readyCount() {
        return ready.size();
    }

    boolean splitOff() {
        return split != null;
    }

    /** A message was taken from the main queue, or from the split-off one. */
    void arrive(StoredMessage message, boolean fromSplit) {
        lastUsedNanos = owner.nanoTime();
        if (!fromSplit)
            owner.waiting().taken(message.message().destination());
        if (expired(message)) {
            owner.attempt(DeliveryAttempt.ended(message, name, settings, Ending.EXPIRED));
            grantSplit();
            return;
        }
        String elsewhere = owner.diverted(message);
        if (elsewhere != null) {
            owner.move(message, elsewhere);
            grantSplit();
            return;
        }
        if (fromSplit && members != null && !owner.rollups().belongs(this, message)) {
            grantSplit();
            return;
        }
        if (!fromSplit && split == null && ((waiting || held) && owner.rollups().othersWait(this) || stuck()))
            evict();
        if (!fromSplit && split != null) {
            split.move(message);
            return;
        }
        ready.addLast(message);
        pump();
    }

    /** Messages that another queue, or DNS, has shown the way here. */
    void takeOver(List<StoredMessage> messages) {
        lastUsedNanos = owner.nanoTime();
        for (StoredMessage m : messages)
            if (split != null)
                split.move(m);
            else
                ready.addLast(m);
        if (split == null && (stuck() || owner.full()))
            evict();
        pump();
    }

    /** A message from its split-off queue is known to belong here. */
    void comeBack(StoredMessage message) {
        ready.addLast(message);
        pump();
    }

    /**
     * A message for which the limits of its job have room.
     *
     * @return whether it was taken and not sent yet
     */
    boolean show(StoredMessage message) {
        lastUsedNanos = owner.nanoTime();
        if (split != null && (waiting || held || askAgain.set())) {
            split.move(message);
            return false;
        }
        ready.addFirst(message);
        pump();
        if (split == null && stuck())
            evict();
        return ready.peekFirst() == message;
    }

    // --------------------------------------------------------------- rollups

    /** The domain whose hosts are the ones to connect to. */
    String asked() {
        return members == null || ready.isEmpty() ? name : ready.peekFirst().message().destination();
    }

    boolean mayUse(String host) {
        return members == null || !settings.smtpHosts().isEmpty() || members.mayUse(host);
    }

    /** Whether DANE and MTA-STS are heeded: by MX it is the domain that says so, not the rollup it is in. */
    ClientTls policies(String asked) {
        return members == null || !settings.smtpHosts().isEmpty() ? settings.tls() : owner.settings(asked).tls();
    }

    void join(String domain, Set<String> hosts) {
        if (members.join(domain, hosts))
            connections.retire(c -> !mayUse(c.remoteName()));
    }

    /** What DNS says of a domain may mean another queue; says whether it does. */
    boolean elsewhere(String domain, Targets found) {
        if (!settings.smtpHosts().isEmpty())
            return false;
        RollupChoice choice = owner.rollups().choose(domain, found);
        if (members == null) {
            heir = choice;
            passesOn = choice != null;
            if (passesOn)
                connections.retire(_ -> true);
            else
                owner.rollups().staysAlone(domain);
            return passesOn;
        }
        if (choice != null && choice.name().equals(name) && members.first() != null) {
            owner.rollups().join(domain, choice);
            return false;
        }
        if (found.mx() == null && connections.established() > 0)
            return false;
        leave(domain);
        owner.loop().execute(this::pump);
        return true;
    }

    private void leave(String domain) {
        List<StoredMessage> its = ready.stream().filter(m -> m.message().destination().equals(domain)).toList();
        ready.removeAll(its);
        owner.rollups().leave(domain, its);
    }

    /** Gives what waits to the rollup, when nothing can count twice any more. */
    void pass() {
        if (heir == null || !connections.none())
            return;
        RollupChoice to = heir;
        heir = null;
        List<StoredMessage> all = List.copyOf(ready);
        ready.clear();
        owner.rollups().join(name, to).takeOver(all);
    }

    /** Members may belong elsewhere now: each of them is asked for again. */
    void disband(boolean otherLists) {
        if (otherLists && settings.smtpHosts().isEmpty())
            connections.retire(_ -> true);
        if (members == null)
            return;
        if (otherLists)
            members.disband();
        Map<String, List<StoredMessage>> byDomain = ready.stream()
                .collect(
                        Collectors.groupingBy(m -> m.message().destination(), LinkedHashMap::new, Collectors.toList()));
        ready.clear();
        byDomain.forEach(owner.rollups()::leave);
    }

    // --------------------------------------------------------------- sending

    /**
     * Whether more waits in memory than will soon go: whoever comes later would have to wait until all of it is moved
     * away. A destination that is only as fast as its connections is not stuck, however much waits for it.
     */
    private boolean stuck() {
        if (ready.size() < PROBE)
            return false;
        if (waiting || held || connections.noneAnswers())
            return !owner.paused();
        return askAgain.set() && limits.slowerThan(ready.size());
    }

    /** A stale connection broke before anything was transferred: first in line again. */
    void again(StoredMessage message) {
        String elsewhere = owner.diverted(message);
        if (elsewhere != null)
            owner.move(message, elsewhere);
        else
            ready.addFirst(message);
        pump();
    }

    /** Sends what may be sent now; opens connections for what waits; asks the split-off queue for more. */
    void pump() {
        if (owner.stopping())
            return;
        if (resting()) {
            grantSplit();
            return;
        }
        if (heir != null) {
            pass();
            return;
        }
        while (!ready.isEmpty() && !waiting) {
            QueuedMessage first = ready.peekFirst().message();
            int recipients = first.recipients().size();
            long bytes = first.content().sizeBytes();
            long now = owner.nanoTime();
            JobLine job = owner.jobs().of(first);
            if (job != null && !job.free(recipients, bytes, now)) {
                job.holdUp(ready.pollFirst());
                continue;
            }
            if (!limits.messageFree(recipients, bytes, now)) {
                askAgain(limits.messageWait(recipients, bytes, now), now);
                break;
            }
            if (!owner.limits().messageFree(this, recipients, bytes, now))
                break;
            OutboundConnection line = connections.lease(recipients, bytes, now);
            if (line == null) {
                int max = failuresInARow > 0 ? 1 : settings.maxSmtpOut();
                connections.grow(limits.messagesAtOnce(ready.size()), max);
                if (limits.perSource())
                    connections.passOver(max, now);
                break;
            }
            boolean late = expired(ready.peekFirst());
            boolean heldUp = !late && job != null && !job.starts(line, recipients, bytes, now);
            if (late || heldUp || !owner.limits().messageStarts(this, line, recipients, bytes, now)) {
                line.ended(recipients, bytes, now);
                line.idleSince(now);
                connections.giveBack(line);
                if (late)
                    owner.attempt(DeliveryAttempt.ended(ready.pollFirst(), name, settings, Ending.EXPIRED));
                else if (heldUp)
                    job.holdUp(ready.pollFirst());
                else
                    break;
            } else {
                StoredMessage message = ready.pollFirst();
                limits.messageStarts(recipients, bytes);
                line.source().messageStarts(recipients, bytes);
                owner.attempt(DeliveryAttempt.send(message, name, settings, line));
            }
        }
        grantSplit();
    }

    /** The attempt has ended: what it used counts until the windows have passed. */
    void transacted(QueuedMessage message, DeliveryAttempt.Line line) {
        lastUsedNanos = owner.nanoTime();
        limits.messageEnded(message.recipients().size(), message.content().sizeBytes(), lastUsedNanos);
        if (line instanceof OutboundConnection c)
            c.source().messageEnded(message.recipients().size(), message.content().sizeBytes(), lastUsedNanos);
    }

    /** After {@link #firstWait} said to wait: the directive that binds. */
    String firstBinding(SourceUse source, long nowNanos) {
        if (ready.isEmpty())
            return source.messageBinding(1, 1, nowNanos);
        QueuedMessage first = ready.peekFirst().message();
        return source.messageBinding(first.recipients().size(), first.content().sizeBytes(), nowNanos);
    }

    /** How long until the next message may go from this source, see {@link SourceUse#messageWait}. */
    long firstWait(SourceUse source, long nowNanos) {
        if (ready.isEmpty())
            return source.messageWait(1, 1, nowNanos);
        QueuedMessage first = ready.peekFirst().message();
        return source.messageWait(first.recipients().size(), first.content().sizeBytes(), nowNanos);
    }

    /** A limit holds something up for so long. */
    void askAgain(long waitNanos, long nowNanos) {
        askAgain.in(waitNanos, nowNanos);
    }

    /** What an attempt came to: trouble is remembered. */
    void remember(List<Outcome> outcomes) {
        for (Outcome o : outcomes)
            switch (o) {
                case Outcome.Deferred d -> remember(d.failure());
                case Outcome.Bounced b -> remember(b.failure());
                default -> {
                    // no trouble
                }
            }
    }

    private void remember(Failure failure) {
        events.add(failure.text(), owner.nowMs());
    }

    /** What it does just now. */
    QueueReport report() {
        long now = owner.nanoTime();
        return new QueueReport(name, owner.name(), ready.size(), split != null,
                owner.pauseReason() != null ? owner.pauseReason() : held ? "paused" : null, connections.established(),
                connections.busy(), connections.dialling(), limits.binding(),
                waiting ? owner.nowMs() + (nextAttemptNanos - now) / 1_000_000 : 0, limits.report(now), events.list());
    }

    /** A limit may say yes that has waited for the disk. */
    private void reserved() {
        connections.retryHeld();
        pump();
    }

    void connected() {
        failuresInARow = 0;
        waiting = false;
        pump();
    }

    /** No host of this destination could be reached, or a host could but its connection was not for us. */
    void dialFailed(Failure failure) {
        if (waiting || stopping())
            return;
        if (connections.established() > 0) {
            connections.pauseDialling(); // the others carry on
            return;
        }
        ConnectVerdict verdict = FailurePolicy.connection(failure, false, settings);
        if (verdict == ConnectVerdict.SOURCE_MISSING)
            return; // the VirtualMTA pauses as a whole
        if (verdict == ConnectVerdict.BOUNCE) {
            failWaiting(failure, Integer.MAX_VALUE);
            grantSplit();
            return;
        }
        remember(failure);
        Duration delay = failure.cause() == Cause.DNS_TEMPORARY ? settings.retryAfterDnsError()
                : retryDelay(failuresInARow++);
        waiting = true;
        nextAttemptNanos = owner.nanoTime() + delay.toNanos();
        owner.log().info("{}/{} waits {} s: {}", name, owner.name(), delay.toSeconds(), failure.text());
        owner.loop().schedule(this::wake, delay.toNanos(), TimeUnit.NANOSECONDS);
        failWaiting(failure, PROBE);
        owner.relieve();
    }

    private void wake() {
        if (!waiting || owner.nanoTime() < nextAttemptNanos)
            return;
        waiting = false;
        refresh();
        disband(false); // what was known of its members is old
        pump();
    }

    /** The operator knows that the trouble is over. */
    void retryNow() {
        nextAttemptNanos = owner.nanoTime();
        wake();
    }

    /** An operator may have paused or resumed it. */
    void holdChanged() {
        held = owner.held(name);
        if (resting())
            rest();
        else
            pump();
    }

    private boolean resting() {
        return held || owner.paused();
    }

    /** Connections end with what they carry. */
    void rest() {
        connections.retireIdle(owner.nanoTime(), true);
    }

    /** Moves what waits in memory and is meant to that queue; says how many messages that were. */
    long sift(Predicate<QueuedMessage> meant, String queue) {
        List<StoredMessage> moving = new ArrayList<>();
        ready.removeIf(m -> meant.test(m.message()) && moving.add(m));
        moving.forEach(m -> owner.move(m, queue));
        grantSplit();
        return moving.size();
    }

    /** Ends attempts for messages that wait in memory, at most {@code max}, with the destination's failure. */
    private void failWaiting(Failure failure, int max) {
        List<StoredMessage> failing = new ArrayList<>(Math.min(max, ready.size()));
        while (!ready.isEmpty() && failing.size() < max)
            failing.add(ready.pollFirst());
        for (StoredMessage m : failing)
            owner.attempt(DeliveryAttempt.failed(m, name, settings, failure, m == failing.getFirst()));
    }

    /**
     * How long a deferred message of this destination waits: by its own attempts, and never shorter than the
     * destination itself waits.
     */
    Duration retryAfter(DeliveryAttempt attempt) {
        Duration own = attempt.failure() != null && attempt.failure().cause() == Cause.DNS_TEMPORARY
                ? attempt.settings().retryAfterDnsError() : retryDelay(attempt.message().attempts());
        if (!waiting)
            return own;
        Duration destination = Duration.ofNanos(Math.max(0, nextAttemptNanos - owner.nanoTime()));
        return own.compareTo(destination) < 0 ? destination : own;
    }

    private Duration retryDelay(int attempts) {
        List<Duration> steps = settings.retryAfter();
        return steps.get(Math.min(attempts, steps.size() - 1));
    }

    /** Splits it off and gives memory back: messages beyond what its connections need go to the split-off queue. */
    void evict() {
        int keep = connections.established() > 0 && !waiting && !held ? 2 * connections.busy() + 2 : 0;
        if (ready.size() <= keep && !waiting)
            return;
        splitOff(false);
        List<StoredMessage> kept = new ArrayList<>(keep);
        while (kept.size() < keep)
            kept.add(ready.pollFirst());
        while (!ready.isEmpty())
            split.move(ready.pollFirst());
        ready.addAll(kept);
    }

    void splitOff(boolean quiet) {
        if (split == null) {
            split = new SplitQueue(QueueNames.destination(owner.name(), name), owner, m -> arrive(m, true));
            if (!quiet)
                owner.log().debug("{}/{} is congested, split off", name, owner.name());
            grantSplit();
        }
    }

    private void grantSplit() {
        if (split == null || owner.stopping())
            return;
        // what is paused expires too
        int cap = resting() ? PROBE : waiting || !limits.messageFree(1, 1, owner.nanoTime()) ? 0
                : failuresInARow > 0 ? PROBE : SPLIT_CREDIT;
        if (passesOn && owner.full())
            cap = 0;
        split.grant(cap - ready.size() - (members == null ? 0 : members.unsure()));
    }

    /** Regular care: expired mail, idle connections, a drained split-off queue. Says whether this state may go. */
    boolean tick(long nowNanos) {
        refresh();
        connections.retireIdle(nowNanos, false);
        if (!ready.isEmpty())
            expireReady();
        if (split != null && ready.isEmpty() && !waiting && split.closeIfDrained())
            split = null;
        else if (split == null && stuck())
            evict();
        pump();
        return split == null && ready.isEmpty() && !waiting && !askAgain.set() && connections.none()
                && nowNanos - lastUsedNanos > (passesOn ? 2_000_000_000L : 60_000_000_000L) && limits.unused(nowNanos);
    }

    private void expireReady() {
        List<StoredMessage> gone = new ArrayList<>();
        ready.removeIf(m -> expired(m) && gone.add(m));
        for (StoredMessage m : gone)
            owner.attempt(DeliveryAttempt.ended(m, name, settings, Ending.EXPIRED));
    }

    private boolean expired(StoredMessage m) {
        return settings.expired(m.message().queuedAtMs(), owner.nowMs());
    }

    /** After a new configuration limits change at once; what was used under the old ones still counts. */
    void refresh() {
        DomainSettings now = owner.settings(name);
        if (now == settings)
            return;
        boolean otherHosts = !now.smtpHosts().equals(settings.smtpHosts())
                || now.defaultSmtpPort() != settings.defaultSmtpPort()
                || now.disableMxRollup() != settings.disableMxRollup() || !now.tls().equals(settings.tls())
                || !Objects.equals(now.login(), settings.login());
        limits.settings(now);
        settings = now;
        if (otherHosts)
            connections.retire(_ -> true);
        connections.retireSurplus();
        connections.retryHeld();
        pump();
    }

    /** The VirtualMTA has other source addresses. */
    void sourcesChanged() {
        connections.retire(c -> owner.sources().stream().noneMatch(
                s -> s.address().equals(c.source()) && s.ehloName().equals(c.ehloName())));
        connections.retryHeld();
        pump();
    }

    void stop() {
        if (split != null)
            split.close();
        connections.retireIdle(owner.nanoTime(), true);
    }

    /** Nothing is being sent. A connection that is still being opened carries no message. */
    boolean quiet() {
        return connections.established() == 0;
    }

    void abort() {
        connections.abort("gateway stops");
    }
}
