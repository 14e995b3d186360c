package org.caravanmta.delivery;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import org.caravanmta.config.VirtualMta;
import org.caravanmta.throttle.ConnectionPermits;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.LimitLedger;
import org.caravanmta.throttle.RateWindow;

import io.netty.channel.EventLoop;

/**
 * What all queues of one VirtualMTA share, with those of its pools' other members too. Queues that a rate holds up stand
 * in line; when it frees, the one that has waited longest starts one message and goes to the end. A queue that has no
 * connection when its turn comes is passed by, and is the first once it has one. Owned by the VirtualMTA's event loop.
 */
final class VirtualMtaLimits implements SharedLimits.Member {

    private final RateWindow messages;
    private final RateWindow volume;
    private final ConnectionPermits connections;
    private final LinkedHashSet<DestinationState> line = new LinkedHashSet<>();
    private final Set<DestinationState> owed = new HashSet<>();
    private final EventLoop loop;
    private final DeliveryContext context;
    private final Alarm nextTurn;
    private List<SharedLimits> pools = List.of();
    private VirtualMta.Limits limits;
    private boolean serving;
    private boolean refused;

    VirtualMtaLimits(VirtualMta virtualMta, EventLoop loop, DeliveryContext context, LimitLedger ledger) {
        this.limits = virtualMta.limits();
        this.loop = loop;
        this.context = context;
        LedgerPage page = new LedgerPage(ledger, virtualMta.name(), "", "", loop, () -> serve(context.nanoTime()));
        this.messages = page.window("max-smtp-msg-rate", limits.maxSmtpMsgRate());
        this.volume = page.window("max-smtp-data-volume-rate", limits.maxSmtpDataVolumeRate());
        this.connections = new ConnectionPermits("max-smtp-out", limits.maxSmtpOut());
        this.nextTurn = new Alarm(loop, () -> serve(context.nanoTime()));
    }

    /** New settings: what was used under the old ones still counts. */
    void settings(VirtualMta.Limits now, long nowNanos) {
        if (now.equals(limits))
            return;
        limits = now;
        messages.limit(now.maxSmtpMsgRate());
        volume.limit(now.maxSmtpDataVolumeRate());
        connections.limit(now.maxSmtpOut());
        serve(nowNanos);
    }

    /** The pools with limits that it is in from now on. */
    void pools(List<SharedLimits> now, long nowNanos) {
        if (now.equals(pools))
            return;
        pools = now;
        serve(nowNanos);
    }

    ConnectionPermits connections() {
        return connections;
    }

    /** Whether the queue may start this message now. After a no it stands in line and is pumped when its turn comes. */
    boolean messageFree(DestinationState d, int recipients, long bytes, long nowNanos) {
        if (messages.rate().unlimited() && volume.rate().unlimited() && pools.isEmpty() && line.isEmpty())
            return true;
        boolean itsTurn = line.isEmpty() || line.getFirst() == d || owed.contains(d);
        if (itsTurn && messages.free(recipients, nowNanos) && volume.free(bytes, nowNanos))
            return poolsFree(d, recipients, bytes, nowNanos);
        if (itsTurn)
            holdUp(d, recipients, bytes, nowNanos);
        else
            line.add(d);
        return false;
    }

    private boolean poolsFree(DestinationState d, int recipients, long bytes, long nowNanos) {
        for (SharedLimits p : pools)
            if (!p.free(this, recipients, bytes, nowNanos)) {
                holdUp(d, p, recipients, bytes, nowNanos);
                return false;
            }
        return true;
    }

    /** It is this VirtualMTA that stands in the pool's line, and the queue in its own. */
    private void holdUp(DestinationState d, SharedLimits pool, int recipients, long bytes, long nowNanos) {
        line.addFirst(d);
        owed.remove(d);
        refused = true;
        d.limits().heldBy(pool.binding(recipients, bytes, nowNanos));
    }

    private void holdUp(DestinationState d, int recipients, long bytes, long nowNanos) {
        line.addFirst(d);
        owed.remove(d);
        refused = true;
        long rate = messages.waitNanos(recipients, nowNanos);
        long data = volume.waitNanos(bytes, nowNanos);
        d.limits().heldBy(rate >= data ? "max-smtp-msg-rate" : "max-smtp-data-volume-rate");
        nextTurn.in(Math.max(rate, data), nowNanos);
    }

    /**
     * After {@link #messageFree} said yes. Another member of a pool may have been faster: then nothing starts, and it is
     * as if that had said no.
     */
    boolean messageStarts(DestinationState d, OutboundConnection c, int recipients, long bytes, long nowNanos) {
        for (SharedLimits p : pools)
            if (!p.start(this, recipients, bytes, nowNanos)) {
                for (SharedLimits started : pools.subList(0, pools.indexOf(p)))
                    started.end(recipients, bytes, nowNanos);
                holdUp(d, p, recipients, bytes, nowNanos);
                return false;
            }
        pools.forEach(c::countIn);
        messages.start(recipients);
        volume.start(bytes);
        if (!line.isEmpty() || !owed.isEmpty()) {
            line.remove(d);
            owed.remove(d);
        }
        return true;
    }

    void messageEnded(DeliveryAttempt.Line carried, int recipients, long bytes, long nowNanos) {
        if (carried instanceof OutboundConnection c)
            c.ended(recipients, bytes, nowNanos);
        messages.end(recipients, nowNanos);
        volume.end(bytes, nowNanos);
        if (!line.isEmpty())
            nextTurn.in(Math.max(messages.waitNanos(1, nowNanos), volume.waitNanos(1, nowNanos)), nowNanos);
    }

    /** One turn after the other, until the next in line has to wait. */
    private void serve(long nowNanos) {
        if (serving)
            return;
        serving = true;
        try {
            refused = false;
            for (int turns = line.size(); turns > 0 && !refused && !line.isEmpty(); turns--) {
                DestinationState d = line.getFirst();
                d.pump();
                if (!refused && line.contains(d) && line.getFirst() == d) {
                    // it could not use its turn
                    line.remove(d);
                    if (d.readyCount() > 0)
                        owed.add(d);
                }
            }
        } finally {
            serving = false;
        }
        if (!refused && !line.isEmpty())
            nextTurn.in(1, nowNanos);
    }

    @Override
    public Executor executor() {
        return loop;
    }

    @Override
    public void turn() {
        serve(context.nanoTime());
    }

    /** The queue is gone. */
    void forget(DestinationState d) {
        line.remove(d);
        owed.remove(d);
    }
}
