package org.caravanmta.delivery;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

import org.caravanmta.config.VirtualMta;
import org.caravanmta.throttle.ConnectionPermits;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.LimitLedger;
import org.caravanmta.throttle.RateWindow;

import io.netty.channel.EventLoop;

/**
 * What all queues of one VirtualMTA share. Queues that a rate holds up stand in line; when it frees, the one that has
 * waited longest starts one message and goes to the end. A queue that has no connection when its turn comes is passed by,
 * and is the first once it has one. Owned by the VirtualMTA's event loop.
 */
final class VirtualMtaLimits {

    private final RateWindow messages;
    private final RateWindow volume;
    private final ConnectionPermits connections;
    private final LinkedHashSet<DestinationState> line = new LinkedHashSet<>();
    private final Set<DestinationState> owed = new HashSet<>();
    private final Alarm nextTurn;
    private VirtualMta.Limits limits;
    private boolean serving;
    private boolean refused;

    VirtualMtaLimits(VirtualMta virtualMta, EventLoop loop, DeliveryContext context, LimitLedger ledger) {
        this.limits = virtualMta.limits();
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

    ConnectionPermits connections() {
        return connections;
    }

    /** Whether the queue may start this message now. After a no it stands in line and is pumped when its turn comes. */
    boolean messageFree(DestinationState d, int recipients, long bytes, long nowNanos) {
        if (messages.rate().unlimited() && volume.rate().unlimited())
            return true;
        boolean itsTurn = line.isEmpty() || line.getFirst() == d || owed.contains(d);
        if (itsTurn && messages.free(recipients, nowNanos) && volume.free(bytes, nowNanos))
            return true;
        if (itsTurn)
            holdUp(d, recipients, bytes, nowNanos);
        else
            line.add(d);
        return false;
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

    void messageStarts(DestinationState d, int recipients, long bytes) {
        messages.start(recipients);
        volume.start(bytes);
        if (!line.isEmpty() || !owed.isEmpty()) {
            line.remove(d);
            owed.remove(d);
        }
    }

    void messageEnded(int recipients, long bytes, long nowNanos) {
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

    /** The queue is gone. */
    void forget(DestinationState d) {
        line.remove(d);
        owed.remove(d);
    }
}
