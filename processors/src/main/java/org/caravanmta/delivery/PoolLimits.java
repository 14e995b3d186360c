package org.caravanmta.delivery;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.caravanmta.config.VirtualMta;
import org.caravanmta.throttle.ConnectionPermits;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.LimitLedger;
import org.caravanmta.throttle.RateWindow;
import org.caravanmta.throttle.SlidingWindow;

import io.netty.channel.EventLoop;

/**
 * What all members of a pool share, whichever event loop they are on. A member that the pool's rate holds up stands in
 * line; when it frees, the one that has waited longest is called on its own executor, may start one message, and goes
 * to the end. One that could not use its turn is passed by and stands in line anew when it can. Any thread; nobody is
 * called with the lock held.
 */
final class PoolLimits {

    /** A VirtualMTA. */
    interface Member {

        /** Where {@link #turn} is called. */
        Executor executor();

        /** It is the first in line, and the pool's rate has room. */
        void turn();
    }

    private record Message(int recipients, long bytes) {
    }

    private final String name;
    private final EventLoop loop;
    private final LongSupplier clock;
    private final ConnectionPermits connections;
    private final RateWindow messages;
    private final RateWindow volume;
    private final Map<Member, Message> line = new LinkedHashMap<>();
    /** On the loop. */
    private final Alarm nextTurn;
    private Member called;
    private boolean refusedCalled;

    PoolLimits(String name, VirtualMta.Limits limits, EventLoop loop, LongSupplier clock, LimitLedger ledger) {
        this.name = name;
        this.loop = loop;
        this.clock = clock;
        this.connections = new ConnectionPermits("max-smtp-out of pool " + name, limits.maxSmtpOut());
        LedgerPage page = new LedgerPage(ledger, name, "", "", r -> loop.execute(() -> locked(r)), this::call);
        this.messages = page.window("max-smtp-msg-rate", limits.maxSmtpMsgRate());
        this.volume = page.window("max-smtp-data-volume-rate", limits.maxSmtpDataVolumeRate());
        this.nextTurn = new Alarm(loop, () -> locked(this::call));
    }

    private synchronized void locked(Runnable task) {
        task.run();
    }

    /** New limits: what was used under the old ones still counts. */
    synchronized void limit(VirtualMta.Limits now) {
        messages.limit(now.maxSmtpMsgRate());
        volume.limit(now.maxSmtpDataVolumeRate());
        connections.limit(now.maxSmtpOut());
        call();
    }

    ConnectionPermits connections() {
        return connections;
    }

    /** Whether the member may start this message now. After a no it stands in line and is called. */
    synchronized boolean free(Member member, int recipients, long bytes, long nowNanos) {
        if (messages.rate().unlimited() && volume.rate().unlimited())
            return true;
        boolean itsTurn = line.isEmpty() || first() == member;
        if (itsTurn && messages.free(recipients, nowNanos) && volume.free(bytes, nowNanos))
            return true;
        line.put(member, new Message(recipients, bytes)); // its place stays as it was
        if (member == called)
            refusedCalled = true;
        else if (itsTurn)
            arm(nowNanos);
        return false;
    }

    /** The member starts this message, if it may. See {@link #free} for a no. */
    synchronized boolean start(Member member, int recipients, long bytes, long nowNanos) {
        if (!free(member, recipients, bytes, nowNanos))
            return false;
        messages.start(recipients);
        volume.start(bytes);
        if (line.remove(member) != null && member != called)
            call();
        return true;
    }

    synchronized void end(int recipients, long bytes, long nowNanos) {
        messages.end(recipients, nowNanos);
        volume.end(bytes, nowNanos);
        if (!line.isEmpty() && called == null)
            arm(nowNanos);
    }

    /** After {@link #free} said no: the directive that binds. */
    synchronized String binding(int recipients, long bytes, long nowNanos) {
        return (messages.waitNanos(recipients, nowNanos) >= volume.waitNanos(bytes, nowNanos) ? "max-smtp-msg-rate"
                : "max-smtp-data-volume-rate") + " of pool " + name;
    }

    private Member first() {
        return line.keySet().iterator().next();
    }

    /** With the lock: the first in line is called as soon as its message may go. */
    private void call() {
        if (called != null || line.isEmpty())
            return;
        long now = clock.getAsLong();
        Member first = first();
        Message message = line.get(first);
        if (!messages.free(message.recipients(), now) || !volume.free(message.bytes(), now)) {
            arm(now);
            return;
        }
        called = first;
        refusedCalled = false;
        first.executor().execute(() -> {
            try {
                first.turn();
            } finally {
                over(first);
            }
        });
    }

    private synchronized void over(Member member) {
        called = null;
        if (!refusedCalled && !line.isEmpty() && first() == member)
            line.remove(member); // it could not use its turn
        call();
    }

    private void arm(long nowNanos) {
        Message message = line.get(first());
        long wait = Math.max(messages.waitNanos(message.recipients(), nowNanos),
                volume.waitNanos(message.bytes(), nowNanos));
        if (wait != SlidingWindow.NOT_BY_TIME)
            loop.execute(() -> nextTurn.in(wait, nowNanos));
    }
}
