package org.caravanmta.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.bounce.FailurePolicy;
import org.caravanmta.bounce.FailurePolicy.ConnectVerdict;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.Failure;

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
    private final ArrayDeque<StoredMessage> ready = new ArrayDeque<>();
    private DomainSettings settings;
    private SplitQueue split;
    private int failuresInARow;
    private long nextAttemptNanos;
    private boolean waiting;
    private long lastUsedNanos;

    DestinationState(String name, VirtualMtaDelivery owner) {
        this.name = name;
        this.owner = owner;
        this.settings = owner.settings(name);
        this.limits = new QueueLimits(settings);
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
        return owner.stopping();
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
            owner.waiting().taken(name);
        if (expired(message)) {
            owner.attempt(new DeliveryAttempt(message, settings, null, null, true));
            grantSplit();
            return;
        }
        if (!fromSplit && split == null && (waiting && owner.waiting().othersThan(name) || stuck()))
            evict();
        if (!fromSplit && split != null) {
            split.move(message);
            return;
        }
        ready.addLast(message);
        pump();
    }

    /**
     * Whether more waits in memory than will soon go: whoever comes later would have to wait until all of it is moved
     * away. A destination that is only as fast as its connections is not stuck, however much waits for it.
     */
    private boolean stuck() {
        if (ready.size() < PROBE)
            return false;
        if (waiting || connections.noneAnswers())
            return true;
        return askAgain.set() && limits.slowerThan(ready.size());
    }

    /** A stale connection broke before anything was transferred: first in line again. */
    void again(StoredMessage message) {
        ready.addFirst(message);
        pump();
    }

    /** Sends what may be sent now; opens connections for what waits; asks the split-off queue for more. */
    void pump() {
        if (owner.stopping() || owner.paused())
            return;
        while (!ready.isEmpty() && !waiting) {
            QueuedMessage first = ready.peekFirst().message();
            int recipients = first.recipients().size();
            long bytes = first.content().sizeBytes();
            long now = owner.nanoTime();
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
            StoredMessage message = ready.pollFirst();
            if (expired(message)) {
                line.idleSince(now);
                connections.giveBack(line);
                owner.attempt(new DeliveryAttempt(message, settings, null, null, true));
            } else {
                limits.messageStarts(recipients, bytes);
                owner.limits().messageStarts(this, recipients, bytes);
                line.source().messageStarts(recipients, bytes);
                owner.attempt(new DeliveryAttempt(message, settings, line, null, false));
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

    void connected() {
        failuresInARow = 0;
        waiting = false;
        pump();
    }

    /** No host of this destination could be reached, or a host could but its connection was not for us. */
    void dialFailed(Failure failure) {
        if (waiting || owner.stopping())
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
        Duration delay = retryDelay(failuresInARow++);
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
        owner.refresh(this);
        pump();
    }

    /** Ends attempts for messages that wait in memory, at most {@code max}, with the destination's failure. */
    private void failWaiting(Failure failure, int max) {
        List<StoredMessage> failing = new ArrayList<>(Math.min(max, ready.size()));
        while (!ready.isEmpty() && failing.size() < max)
            failing.add(ready.pollFirst());
        for (StoredMessage m : failing)
            owner.attempt(new DeliveryAttempt(m, settings, null, failure, false));
    }

    /**
     * How long a deferred message of this destination waits: by its own attempts, and never shorter than the
     * destination itself waits.
     */
    Duration retryAfter(QueuedMessage message) {
        Duration own = retryDelay(message.attempts());
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
        int keep = connections.established() > 0 && !waiting ? 2 * connections.busy() + 2 : 0;
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
            split = new SplitQueue(QueueNames.destination(owner.name(), name), owner, this);
            if (!quiet)
                owner.log().debug("{}/{} is congested, split off", name, owner.name());
            grantSplit();
        }
    }

    private void grantSplit() {
        if (split == null || owner.stopping())
            return;
        int cap = waiting || owner.paused() || !limits.messageFree(1, 1, owner.nanoTime()) ? 0
                : failuresInARow > 0 ? PROBE : SPLIT_CREDIT;
        split.grant(cap - ready.size());
    }

    /** Regular care: expired mail, idle connections, a drained split-off queue. Says whether this state may go. */
    boolean tick(long nowNanos) {
        if (owner.settings(name) != settings)
            owner.refresh(this);
        connections.retireIdle(nowNanos, false);
        if (!ready.isEmpty())
            expireReady();
        if (split != null && ready.isEmpty() && !waiting && split.closeIfDrained())
            split = null;
        else if (split == null && stuck())
            evict();
        pump();
        return split == null && ready.isEmpty() && !waiting && !askAgain.set() && connections.none()
                && nowNanos - lastUsedNanos > 60_000_000_000L && limits.unused(nowNanos);
    }

    private void expireReady() {
        List<StoredMessage> gone = ready.stream().filter(this::expired).toList();
        if (gone.isEmpty())
            return;
        ready.removeAll(gone);
        for (StoredMessage m : gone)
            owner.attempt(new DeliveryAttempt(m, settings, null, null, true));
    }

    private boolean expired(StoredMessage m) {
        return owner.nowMs() - m.message().queuedAtMs() >= settings.bounceAfter().toMillis();
    }

    /** A new configuration: limits change at once, what was used under the old ones still counts. */
    void settings(DomainSettings now) {
        limits.settings(now);
        settings = now;
        connections.retryHeld();
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
