package org.caravanmta.throttle;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A limit on connections that several queues share. A connection holds its permit from the attempt to connect until its
 * socket is closed. Who finds all permits taken waits in line and is handed the next one that comes free, on its own
 * executor: nobody is overtaken and nobody polls. While somebody waits, holders are asked for what they do not need,
 * and after {@link #TURN_NANOS} also for what they do.
 * <p>
 * Any thread. Callbacks go through executors, which must not run them at once.
 */
public final class ConnectionPermits {

    /** So long a busy holder keeps its connection though somebody waits. */
    static final long TURN_NANOS = 1_000_000_000L;

    /** Who waits for a permit. */
    public interface Waiter {

        /** Where {@link #granted} is called. */
        Executor executor();

        /** It is to be answered by {@link #keep} or {@link #giveBack}. */
        void granted(ConnectionPermits permits);
    }

    /** A connection with a permit. */
    public interface Holder {

        /** Where {@link #wanted} is called. */
        Executor executor();

        /** Whether it carries nothing just now. Asked from any thread: a guess is good enough. */
        boolean idle();

        /** Somebody waits: to be closed if it is still idle. */
        void wanted();
    }

    private record Place(Waiter waiter, long sinceNanos) {
    }

    private final String directive;
    private final Set<Holder> holders = new LinkedHashSet<>();
    private final Set<Holder> leaving = new HashSet<>();
    private final ArrayDeque<Place> line = new ArrayDeque<>();
    private volatile boolean wanted;
    private int capacity;
    /** Handed to a waiter who has not answered yet. */
    private int handed;

    /**
     * @param directive the name of the limit
     * @param capacity  0 for no limit
     */
    public ConnectionPermits(String directive, int capacity) {
        this.directive = directive;
        this.capacity = capacity;
    }

    public String directive() {
        return directive;
    }

    /** Another limit from now on. Connections beyond a lower one run on, and none is added until they are gone. */
    public synchronized void limit(int now) {
        capacity = now;
        handOn();
    }

    /** A permit for the holder if one is free and nobody waits for it. */
    public synchronized boolean take(Holder holder) {
        if (!line.isEmpty() || full())
            return false;
        holders.add(holder);
        return true;
    }

    /** Goes to the end of the line, and asks holders that are idle. */
    public void await(Waiter waiter, long nowNanos) {
        Set<Holder> asked = new HashSet<>();
        synchronized (this) {
            line.addLast(new Place(waiter, nowNanos));
            wanted = true;
            handOn();
            int spare = leaving.size();
            for (Holder h : holders)
                if (spare + asked.size() < line.size() && !leaving.contains(h) && h.idle())
                    asked.add(h);
        }
        asked.forEach(h -> h.executor().execute(h::wanted));
    }

    /** No longer wants one. A grant may be on its way all the same. */
    public synchronized void leave(Waiter waiter) {
        line.removeIf(p -> p.waiter() == waiter);
        wanted = !line.isEmpty();
    }

    /** The answer to a grant: the permit is this holder's. */
    public synchronized void keep(Holder holder) {
        handed--;
        holders.add(holder);
    }

    /** The other answer to a grant: it goes to the next in line. */
    public synchronized void giveBack() {
        handed--;
        handOn();
    }

    /** The holder's socket is closed. */
    public synchronized void release(Holder holder) {
        leaving.remove(holder);
        if (holders.remove(holder))
            handOn();
    }

    /**
     * Whether the holder shall close now for somebody who waits. After a yes it counts as leaving.
     *
     * @param needed whether it has more to carry
     */
    public boolean wants(Holder holder, boolean needed, long nowNanos) {
        if (!wanted)
            return false;
        synchronized (this) {
            if (line.size() <= leaving.size() || !holders.contains(holder)
                    || needed && nowNanos - line.getFirst().sinceNanos() < TURN_NANOS)
                return false;
            return leaving.add(holder);
        }
    }

    public synchronized int used() {
        return holders.size() + handed;
    }

    private boolean full() {
        return capacity > 0 && used() >= capacity;
    }

    private void handOn() {
        while (!line.isEmpty() && !full()) {
            Waiter next = line.pollFirst().waiter();
            handed++;
            next.executor().execute(() -> next.granted(this));
        }
        wanted = !line.isEmpty();
    }
}
