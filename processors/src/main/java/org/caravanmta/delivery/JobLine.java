package org.caravanmta.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.delivery.DeliveryAttempt.Ending;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.queue.QueueNames;

/**
 * The mail of one job that its limits hold up, to all destinations of a VirtualMTA: the first messages in memory, the
 * rest in a queue of its own. When the limits have room, messages are shown to their destinations, which send them or
 * keep them as any other mail. Owned by the VirtualMTA's event loop.
 */
final class JobLine implements SharedLimits.Member {

    /** Messages of it in memory. */
    private static final int KEPT = 100;
    /** Messages that destinations have taken and not sent yet, before no more are shown to them. */
    private static final int SHOWN = 20;
    /** Then they are taken for kept, and others are shown. */
    private static final long PATIENCE_NANOS = 50_000_000L;
    private static final long FORGOTTEN_NANOS = 60_000_000_000L;

    private final String job;
    private final VirtualMtaDelivery owner;
    private final SharedLimits limits;
    private final ArrayDeque<StoredMessage> waiting = new ArrayDeque<>();
    /** Refused while they were shown: they stay in front. */
    private final List<StoredMessage> back = new ArrayList<>();
    private final Alarm showAgain;
    private SplitQueue split;
    private int shown;
    private boolean showing;
    private boolean showSoon;
    /** It stands in line for the limits, and will be called. */
    private boolean refused;
    private long lastUsedNanos;

    JobLine(String job, VirtualMtaDelivery owner, SharedLimits limits) {
        this.job = job;
        this.owner = owner;
        this.limits = limits;
        this.showAgain = new Alarm(owner.loop(), this::patienceEnds);
    }

    // ------------------------------------------------------- for destinations

    /** Whether the limits let this message start now. After a no it is to be given to {@link #holdUp}. */
    boolean free(int recipients, long bytes, long nowNanos) {
        lastUsedNanos = nowNanos;
        if (!showing && shown == 0 && !waiting.isEmpty())
            return false; // others are first
        if (limits.free(this, recipients, bytes, nowNanos))
            return true;
        refused = true;
        return false;
    }

    /** The message starts, if the limits still have room; the connection tells them when it has ended. */
    boolean starts(OutboundConnection line, int recipients, long bytes, long nowNanos) {
        if (!limits.start(this, recipients, bytes, nowNanos))
            return false;
        line.countIn(limits);
        if (!showing && shown > 0 && --shown <= SHOWN / 2)
            showSoon();
        return true;
    }

    void holdUp(StoredMessage message) {
        if (showing)
            back.add(message);
        else if (shown > 0) {
            shown--;
            waiting.addFirst(message);
        } else
            waiting.addLast(message);
        if (waiting.size() > KEPT)
            moveAway(waiting.pollLast());
    }

    // -------------------------------------------------------- when there is room

    @Override
    public Executor executor() {
        return owner.loop();
    }

    @Override
    public void turn() {
        show();
    }

    private void patienceEnds() {
        shown = 0;
        show();
    }

    private void showSoon() {
        if (showSoon || waiting.isEmpty())
            return;
        showSoon = true;
        owner.loop().execute(() -> {
            showSoon = false;
            show();
        });
    }

    private void show() {
        refused = false;
        if (owner.stopping() || owner.paused())
            return;
        showing = true;
        try {
            while (!refused && shown < SHOWN && !waiting.isEmpty())
                if (owner.show(waiting.pollFirst()))
                    shown++;
        } finally {
            showing = false;
        }
        back.reversed().forEach(waiting::addFirst);
        back.clear();
        if (!refused && !waiting.isEmpty())
            showAgain.in(PATIENCE_NANOS, owner.nanoTime());
        refill();
    }

    // --------------------------------------------------------- its own queue

    /** Messages of it were left in its own queue by a former run. */
    void adopt() {
        if (split == null)
            split = new SplitQueue(QueueNames.job(owner.name(), job), owner, this::arrive);
        refill();
    }

    private void moveAway(StoredMessage message) {
        adopt();
        split.move(message);
    }

    private void arrive(StoredMessage message) {
        lastUsedNanos = owner.nanoTime();
        String elsewhere = owner.diverted(message);
        if (elsewhere != null)
            owner.move(message, elsewhere);
        else if (!expire(message))
            waiting.addLast(message);
        if (refused)
            refill();
        else
            showSoon();
    }

    private void refill() {
        if (split != null && !owner.stopping())
            split.grant((refused || owner.paused() || owner.full() ? 1 : KEPT) - waiting.size());
    }

    /** Gives memory back. */
    void evict() {
        while (!waiting.isEmpty())
            moveAway(waiting.pollFirst());
    }

    // ------------------------------------------------------------------ care

    /** Moves what is in memory and is meant to that queue; says how many messages that were. */
    long sift(Predicate<QueuedMessage> meant, String queue) {
        List<StoredMessage> moving = new ArrayList<>();
        waiting.removeIf(m -> meant.test(m.message()) && moving.add(m));
        moving.forEach(m -> owner.move(m, queue));
        refill();
        return moving.size();
    }

    /** Regular care. Says whether this line may go. */
    boolean tick(long nowNanos) {
        waiting.removeIf(this::expire);
        patienceEnds();
        if (split != null && waiting.isEmpty() && split.closeIfDrained())
            split = null;
        return split == null && waiting.isEmpty() && nowNanos - lastUsedNanos > FORGOTTEN_NANOS && limits.unused();
    }

    private boolean expire(StoredMessage m) {
        DomainSettings settings = owner.settings(m.message().destination());
        if (!settings.expired(m.message().queuedAtMs(), owner.nowMs()))
            return false;
        owner.attempt(DeliveryAttempt.ended(m, owner.queueOf(m), settings, Ending.EXPIRED));
        return true;
    }

    void stop() {
        if (split != null)
            split.close();
    }

    int inMemory() {
        return waiting.size();
    }
}
