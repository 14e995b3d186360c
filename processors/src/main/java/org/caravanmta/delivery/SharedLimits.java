package org.caravanmta.delivery;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

import org.caravanmta.config.Rate;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.RateWindow;
import org.caravanmta.throttle.SlidingWindow;

import io.netty.channel.EventLoop;

/**
 * What several share, whichever event loop they are on: messages by time, bytes by time, messages at once. A member that
 * is held up stands in line; when there is room, the one that has waited longest is called on its own executor, may
 * start one message, and goes to the end. One that could not use its turn is passed by and stands in line anew when it
 * can. Any thread; nobody is called with the lock held.
 */
final class SharedLimits {

    /** A VirtualMTA, or the mail of a job within one. */
    interface Member {

        /** Where {@link #turn} is called. */
        Executor executor();

        /** It is the first in line, and there is room. */
        void turn();
    }

    /** @param atOnce messages at the same time; 0 is unlimited */
    record Most(Rate messages, Rate volume, int atOnce) {
    }

    private record Message(int recipients, long bytes) {
    }

    private final String owner;
    private final EventLoop loop;
    private final LongSupplier clock;
    private final RateWindow messages;
    private final RateWindow volume;
    private final Map<Member, Message> line = new LinkedHashMap<>();
    /** On the loop. */
    private final Alarm nextTurn;
    private Member called;
    private int atOnce;
    private int running;
    private boolean refusedCalled;

    /**
     * @param owner whose limits they are, in the operator's words
     * @param page  where what was used of them is kept, for a loop and a wake-up
     */
    SharedLimits(String owner, Most most, EventLoop loop, LongSupplier clock,
            BiFunction<Executor, Runnable, LedgerPage> page) {
        this.owner = owner;
        this.loop = loop;
        this.clock = clock;
        LedgerPage own = page.apply(r -> loop.execute(() -> locked(r)), this::call);
        this.messages = own.window("max-smtp-msg-rate", most.messages());
        this.volume = own.window("max-smtp-data-volume-rate", most.volume());
        this.atOnce = most.atOnce();
        this.nextTurn = new Alarm(loop, () -> locked(this::call));
    }

    private synchronized void locked(Runnable task) {
        task.run();
    }

    /** New limits: what was used under the old ones still counts. */
    synchronized void limit(Most now) {
        messages.limit(now.messages());
        volume.limit(now.volume());
        atOnce = now.atOnce();
        call();
    }

    /** Whether the member may start this message now. After a no it stands in line and is called. */
    synchronized boolean free(Member member, int recipients, long bytes, long nowNanos) {
        if (atOnce == 0 && messages.rate().unlimited() && volume.rate().unlimited())
            return true;
        boolean itsTurn = line.isEmpty() || first() == member;
        if (itsTurn && room(recipients, bytes, nowNanos))
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
        running++;
        if (line.remove(member) != null && member != called)
            call();
        return true;
    }

    private boolean room(int recipients, long bytes, long nowNanos) {
        return (atOnce == 0 || running < atOnce) && messages.free(recipients, nowNanos)
                && volume.free(bytes, nowNanos);
    }

    synchronized void end(int recipients, long bytes, long nowNanos) {
        running--;
        messages.end(recipients, nowNanos);
        volume.end(bytes, nowNanos);
        if (!line.isEmpty() && called == null)
            arm(nowNanos);
    }

    /** After {@link #free} said no: the directive that binds. */
    synchronized String binding(int recipients, long bytes, long nowNanos) {
        long rate = messages.waitNanos(recipients, nowNanos);
        long data = volume.waitNanos(bytes, nowNanos);
        String directive = rate == 0 && data == 0 ? "max-smtp-out"
                : rate >= data ? "max-smtp-msg-rate" : "max-smtp-data-volume-rate";
        return directive + " of " + owner;
    }

    /** The directive that holds up who is first in line; null when nobody is. */
    synchronized String binding() {
        if (line.isEmpty())
            return null;
        Message message = line.get(first());
        return binding(message.recipients(), message.bytes(), clock.getAsLong());
    }

    /** Nothing was used that still counts, and nothing runs. */
    synchronized boolean unused() {
        long now = clock.getAsLong();
        return running == 0 && messages.empty(now) && volume.empty(now);
    }

    synchronized void close() {
        messages.close();
        volume.close();
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
        if (!room(message.recipients(), message.bytes(), now)) {
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
        if (atOnce > 0 && running >= atOnce)
            return; // the next one that ends arms it
        Message message = line.get(first());
        long wait = Math.max(messages.waitNanos(message.recipients(), nowNanos),
                volume.waitNanos(message.bytes(), nowNanos));
        if (wait != SlidingWindow.NOT_BY_TIME)
            loop.execute(() -> nextTurn.in(wait, nowNanos));
    }
}
