package org.caravanmta.delivery;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

import org.caravanmta.bounce.FailurePolicy;
import org.caravanmta.bounce.FailurePolicy.ConnectVerdict;
import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.delivery.NextHops.Targets;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.ConnectRequest;
import org.caravanmta.throttle.ConnectionPermits;
import org.caravanmta.throttle.SlidingWindow;

import io.netty.channel.EventLoop;

/**
 * The connections of one destination: dials (host after host), keeps idle ones for the next message, retires those that
 * carried {@code max-msg-per-connection}. Owned by the VirtualMTA's event loop.
 */
final class DestinationConnections {

    /** A host that has not greeted for so long may never do. */
    private static final long SLOW_NANOS = 1_000_000_000L;

    private final DestinationState destination;
    private final DeliveryContext context;
    private final ArrayDeque<OutboundConnection> idle = new ArrayDeque<>();
    private final Set<OutboundConnection> established = new HashSet<>();
    private final Set<Dial> dials = new LinkedHashSet<>();
    private final Alarm retryHeld;
    /** Sockets from connect to close. */
    private int open;
    /** Dials that a limit holds up. While there are any, no more are added. */
    private final ArrayDeque<Dial> held = new ArrayDeque<>();
    /** An idle one that was ended so that another source address may have its place. */
    private OutboundConnection makingRoom;
    private long diallingPausedUntil;

    DestinationConnections(DestinationState destination, DeliveryContext context) {
        this.destination = destination;
        this.context = context;
        this.retryHeld = new Alarm(context.loop(), this::retryHeld);
    }

    /** Takes an idle connection whose source address may send this now; null when there is none. */
    OutboundConnection lease(int recipients, long bytes, long nowNanos) {
        for (Iterator<OutboundConnection> i = idle.descendingIterator(); i.hasNext();) {
            OutboundConnection c = i.next();
            if (c.source().messageFree(recipients, bytes, nowNanos)) {
                i.remove();
                return c;
            }
        }
        return null;
    }

    /**
     * Nothing could be leased, and source addresses have limits: asks again when the first of them frees, and makes room
     * for one that is free while idle connections of others take all {@code max} places.
     */
    void passOver(int max, long nowNanos) {
        long wait = SlidingWindow.NOT_BY_TIME;
        boolean anyFree = false;
        for (SourceHost s : context.sources()) {
            SourceUse use = destination.limits().source(s.address());
            long own = destination.firstWait(use, nowNanos);
            if (own > 0)
                destination.limits().heldBy(destination.firstBinding(use, nowNanos));
            wait = Math.min(wait, own);
            anyFree |= mayConnect(s, nowNanos);
        }
        if (wait > 0)
            destination.askAgain(wait, nowNanos);
        else if (anyFree && !idle.isEmpty() && makingRoom == null && counted() >= max) {
            makingRoom = idle.pollFirst();
            makingRoom.quit();
        }
    }

    private boolean mayConnect(SourceHost s, long nowNanos) {
        SourceUse use = destination.limits().source(s.address());
        return use.connectWait(nowNanos) == 0 && destination.firstWait(use, nowNanos) == 0;
    }

    /** A leased connection that was not used. */
    void giveBack(OutboundConnection c) {
        idle.addLast(c);
    }

    int dialling() {
        return dials.size();
    }

    int established() {
        return established.size();
    }

    int busy() {
        return established.size() - idle.size();
    }

    boolean none() {
        return open == 0 && dials.isEmpty();
    }

    /** No connection is there, and one is being opened for a second already. */
    boolean noneAnswers() {
        return established.isEmpty() && !dials.isEmpty()
                && context.nanoTime() - dials.iterator().next().began > SLOW_NANOS;
    }

    /** Opens connections until {@code wanted} are on their way, within {@code max} in all and as limits allow. */
    void grow(int wanted, int max) {
        long now = context.nanoTime();
        if (diallingPausedUntil != 0 && now - diallingPausedUntil < 0)
            return;
        int allowed = destination.limits().connectionsAllowed(max, now);
        while (held.isEmpty() && dials.size() < wanted && counted() < allowed && destination.readyCount() > 0) {
            Dial dial = new Dial(destination.settings());
            dials.add(dial);
            dial.resolve();
        }
        if (allowed < max && dials.size() < wanted)
            destination.askAgain(destination.limits().rampUpWait(now), now);
    }

    /** What counts for max-smtp-out: sockets, and dials that have none at the moment. */
    private int counted() {
        int n = open;
        for (Dial d : dials)
            if (!d.socket)
                n++;
        return n;
    }

    /** Those that are not wanted any more go: idle ones now, busy ones once they have sent what they carry. */
    void retire(Predicate<ConnectRequest> unwanted) {
        for (OutboundConnection c : List.copyOf(established))
            if (!c.retiring() && unwanted.test(c.request()))
                retire(c);
    }

    /** Fewer may be allowed than there are. */
    void retireSurplus() {
        long surplus = established.stream().filter(c -> !c.retiring()).count() - destination.settings().maxSmtpOut();
        for (; surplus > 0 && !idle.isEmpty(); surplus--)
            retire(idle.peekFirst());
        for (OutboundConnection c : List.copyOf(established))
            if (surplus > 0 && !c.retiring()) {
                retire(c);
                surplus--;
            }
    }

    private void retire(OutboundConnection c) {
        c.retire();
        if (idle.remove(c))
            c.quit();
    }

    /** The limit that held a dial up may have changed, or enough time has passed. */
    void retryHeld() {
        for (Dial dial : List.copyOf(held))
            if (dial.awaited == null)
                dial.goOn(null);
    }

    /** The host takes no more connections just now: no new ones for a second. */
    void pauseDialling() {
        diallingPausedUntil = context.nanoTime() + 1_000_000_000L;
    }

    /** Quits connections that nobody used for the idle timeout; all idle ones when {@code all}. */
    void retireIdle(long nowNanos, boolean all) {
        long limit = destination.settings().timeouts().idle().toNanos();
        while (!idle.isEmpty() && (all || nowNanos - idle.peekFirst().idleSinceNanos() >= limit))
            idle.pollFirst().quit();
    }

    void abort(String reason) {
        for (OutboundConnection c : Set.copyOf(established))
            c.abort(reason);
    }

    /** From {@link OutboundConnection}: a transaction has ended. */
    void finished(OutboundConnection c, boolean reusable) {
        if (reusable && !destination.stopping() && !usedUp(c) && !c.retiring()) {
            c.idleSince(context.nanoTime());
            if (c.wantedElsewhere(true, context.nanoTime()))
                c.quit();
            else
                idle.addLast(c);
        } else if (reusable)
            c.quit(); // counts as a connection until it is closed: the receiver still sees it
        retryHeld();
        destination.pump();
        spare(c);
    }

    /** A connection that nothing was found for goes where it is wanted. */
    private void spare(OutboundConnection c) {
        if (idle.contains(c) && c.wantedElsewhere(false, context.nanoTime())) {
            idle.remove(c);
            c.quit();
        }
    }

    /** From {@link OutboundConnection}: somebody waits for its permit. */
    void wanted(OutboundConnection c) {
        spare(c);
    }

    EventLoop loop() {
        return context.loop();
    }

    private boolean usedUp(OutboundConnection c) {
        int messages = destination.settings().maxMsgPerConnection();
        int refusals = destination.settings().limits().maxErrorsPerConnection();
        return messages > 0 && c.carried() >= messages || refusals > 0 && c.refusals() >= refusals;
    }

    /** From {@link OutboundConnection}: of no more use, for whatever reason. */
    void closed(OutboundConnection c) {
        idle.remove(c);
        established.remove(c);
    }

    /** From {@link OutboundConnection}: its socket is closed. */
    void ended(OutboundConnection c, Dial dial) {
        open--;
        c.source().closed();
        if (makingRoom == c)
            makingRoom = null;
        if (open == 0)
            destination.limits().noConnection();
        dial.ended();
        retryHeld();
        destination.pump();
    }

    /** One search for a host that answers. */
    final class Dial implements ConnectionPermits.Waiter {

        private final DomainSettings settings;
        private final long began = context.nanoTime();
        /** Whose hosts these are. */
        private final String asked = destination.asked();
        private Targets targets;
        private int next;
        private boolean socket;
        private boolean nextHost;
        private ConnectionPermits awaited;

        Dial(DomainSettings settings) {
            this.settings = settings;
        }

        void resolve() {
            context.hops().find(asked, settings, destination::mayUse).whenComplete((found, error) -> {
                if (context.loop().inEventLoop())
                    resolved(found, error);
                else
                    context.loop().execute(() -> resolved(found, error));
            });
        }

        private void resolved(Targets found, Throwable error) {
            if (error != null)
                over(Failure.of(Stage.DNS, Failure.Cause.DNS_TEMPORARY, error.toString()));
            else if (destination.elsewhere(asked, found)) {
                dials.remove(this);
                destination.pass();
            } else if (found.failure() != null)
                over(found.failure());
            else {
                targets = found;
                connect(null);
            }
        }

        /** @param granted a permit that was waited for; null when there was none to wait for */
        private void connect(ConnectionPermits granted) {
            nextHost = false;
            long now = context.nanoTime();
            long wait = destination.limits().connectWait(now);
            if (wait > 0) {
                if (granted != null)
                    granted.giveBack();
                held.add(this);
                retryHeld.in(wait, now);
                return;
            }
            if (context.sources().isEmpty()) {
                hold(connect(null, granted, now), now);
                return;
            }
            ConnectionPermits missing = null;
            for (int tries = context.sources().size(); tries > 0; tries--) {
                boolean limited = destination.limits().perSource();
                SourceHost source = context.rotation().next(now, s -> !limited || mayConnect(s, now));
                if (source == null) {
                    if (granted != null)
                        granted.giveBack();
                    noSource(now);
                    return;
                }
                ConnectionPermits next = connect(source, granted, now);
                if (next == null)
                    return;
                granted = null; // it was given back
                missing = missing == null ? next : missing;
                if (context.permits().contains(next))
                    break;
            }
            hold(missing, now);
        }

        /** Every source address is at a limit of its own, or missing. */
        private void noSource(long now) {
            if (context.rotation().none(now)) {
                over(Failure.of(Stage.CONNECT, Failure.Cause.SOURCE_ADDRESS_MISSING,
                        "no source address of this VirtualMTA is on this machine"));
                return;
            }
            held.add(this);
            retryHeld.in(sourceWait(now), now);
        }

        /** How long until a connection may be tried from some source address. */
        private long sourceWait(long now) {
            long least = SlidingWindow.NOT_BY_TIME;
            for (SourceHost s : context.sources()) {
                SourceUse use = destination.limits().source(s.address());
                long connect = use.connectWait(now);
                long message = destination.firstWait(use, now);
                least = Math.min(least, Math.max(connect, message));
                destination.limits()
                        .heldBy(connect >= message ? use.connectBinding() : destination.firstBinding(use, now));
            }
            return least;
        }

        /** @param missing the permit to wait for; null when there is nothing to wait for */
        private void hold(ConnectionPermits missing, long now) {
            if (missing == null)
                return;
            awaited = missing;
            held.add(this);
            destination.limits().heldBy(missing.directive());
            missing.await(this, now);
        }

        /** @return null when it is under way, else the permit that is missing */
        private ConnectionPermits connect(SourceHost source, ConnectionPermits granted, long now) {
            Target target = targets.list().get(next);
            InetAddress local = source == null ? null : source.address();
            var request = new ConnectRequest(target.address(), target.host(), local,
                    source == null ? context.hostName() : source.ehloName(), settings,
                    context.tls().of(settings.tls(), target, context.nanoTime()));
            OutboundConnection c = new OutboundConnection(DestinationConnections.this, this, request,
                    destination.limits().source(local));
            ConnectionPermits missing = c.takePermits(context.permits(), context.permits(local, target), granted);
            if (missing != null)
                return missing;
            next++;
            destination.limits().connectStarts();
            c.source().connectStarts();
            open++;
            socket = true;
            context.connector().connect(request, context.loop(), c);
            return null;
        }

        @Override
        public Executor executor() {
            return context.loop();
        }

        @Override
        public void granted(ConnectionPermits permits) {
            awaited = null;
            if (held.contains(this))
                goOn(permits);
            else
                permits.giveBack();
        }

        private void goOn(ConnectionPermits granted) {
            held.remove(this);
            if (!destination.stopping() && destination.readyCount() > 0) {
                connect(granted);
                return;
            }
            dials.remove(this);
            if (granted != null)
                granted.giveBack();
        }

        void ready(OutboundConnection c) {
            dials.remove(this);
            established.add(c);
            attemptEnded(c, true);
            if (destination.stopping()) {
                c.quit();
                return;
            }
            if (c.request().source() != null)
                context.sourceWorks(c.request().source());
            retireSurplus();
            if (c.retiring() || !destination.mayUse(c.request().remoteName())) {
                c.quit();
                return;
            }
            c.idleSince(context.nanoTime());
            idle.addLast(c);
            destination.connected();
            spare(c);
        }

        void failed(OutboundConnection c, Failure failure) {
            attemptEnded(c, false);
            boolean more = next < targets.list().size() && !destination.stopping();
            ConnectVerdict verdict = FailurePolicy.connection(failure, more, settings);
            if (verdict == ConnectVerdict.SOURCE_MISSING) {
                context.sourceMissing(c.request().source());
                next--;
                goOnOnceClosed();
            } else if (verdict == ConnectVerdict.WITHOUT_TLS) {
                context.tlsBroken(c.request().remote(), failure.text());
                next--;
                goOnOnceClosed();
            } else if (verdict == ConnectVerdict.NEXT_HOST)
                goOnOnceClosed();
            else
                over(failure);
        }

        /** From now on it leaves the window of max-connect-rate in a known time. */
        private void attemptEnded(OutboundConnection c, boolean opened) {
            c.source().connectEnded(context.nanoTime());
            destination.limits().connectEnded(opened, context.nanoTime());
            retryHeld();
        }

        /** Its socket is closed. Only then may the next host see one. */
        void ended() {
            socket = false;
            if (nextHost)
                goOnOnceClosed();
        }

        /** A failure may be told before or after its socket is closed. */
        private void goOnOnceClosed() {
            nextHost = socket;
            if (!socket && destination.stopping())
                dials.remove(this);
            else if (!socket)
                connect(null);
        }

        private void over(Failure failure) {
            dials.remove(this);
            destination.dialFailed(failure);
        }
    }
}
