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
import org.caravanmta.throttle.SlidingWindow;

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
    private final ArrayDeque<StoredMessage> ready = new ArrayDeque<>();
    private DomainSettings settings;
    private SlidingWindow rate;
    private SplitQueue split;
    private int failuresInARow;
    private long nextAttemptNanos;
    private boolean waiting;
    private boolean rateTimer;
    private long lastUsedNanos;

    DestinationState(String name, VirtualMtaDelivery owner) {
        this.name = name;
        this.owner = owner;
        this.settings = owner.settings(name);
        this.rate = new SlidingWindow(settings.maxMsgRate());
        this.connections = new DestinationConnections(this, owner);
    }

    String name() {
        return name;
    }

    DomainSettings settings() {
        return settings;
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
        return rateTimer && ready.size() > rate.rate().count() / Math.max(1, rate.rate().per().toSeconds());
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
            int recipients = ready.peekFirst().message().recipients().size();
            long now = owner.nanoTime();
            if (!rate.free(recipients, now)) {
                waitForRate(now);
                break;
            }
            OutboundConnection line = connections.lease();
            if (line == null) {
                connections.grow(wanted(), failuresInARow > 0 ? 1 : settings.maxSmtpOut());
                break;
            }
            StoredMessage message = ready.pollFirst();
            if (expired(message)) {
                line.idleSince(now);
                connections.giveBack(line);
                owner.attempt(new DeliveryAttempt(message, settings, null, null, true));
            } else {
                rate.start(recipients);
                owner.attempt(new DeliveryAttempt(message, settings, line, null, false));
            }
        }
        grantSplit();
    }

    private int wanted() {
        return rate.rate().unlimited() ? ready.size() : (int) Math.min(ready.size(), rate.rate().count());
    }

    /** A transaction of this destination has ended: its recipients count until the window has passed. */
    void transacted(int recipients) {
        lastUsedNanos = owner.nanoTime();
        rate.end(recipients, lastUsedNanos);
    }

    private void waitForRate(long now) {
        if (rateTimer)
            return;
        rateTimer = true;
        owner.loop().schedule(() -> {
            rateTimer = false;
            pump();
        }, rate.waitNanos(now), TimeUnit.NANOSECONDS);
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
        int cap = waiting || owner.paused() || !rate.free(1, owner.nanoTime()) ? 0
                : failuresInARow > 0 ? PROBE : SPLIT_CREDIT;
        split.grant(cap - ready.size());
    }

    /** Regular care: expired mail, idle connections, a drained split-off queue. Says whether this state may go. */
    boolean tick(long nowNanos) {
        connections.retireIdle(nowNanos, false);
        if (!ready.isEmpty())
            expireReady();
        if (split != null && ready.isEmpty() && !waiting && split.closeIfDrained())
            split = null;
        else if (split == null && stuck())
            evict();
        pump();
        return split == null && ready.isEmpty() && !waiting && !rateTimer && connections.none()
                && nowNanos - lastUsedNanos > 60_000_000_000L && rate.free((int) Math.min(Integer.MAX_VALUE,
                        Math.max(1, rate.rate().count())), nowNanos);
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

    /** A new configuration: limits change at once, what ran under the old rate still counts. */
    void settings(DomainSettings now) {
        if (!now.maxMsgRate().equals(settings.maxMsgRate()))
            rate = new SlidingWindow(now.maxMsgRate());
        settings = now;
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
