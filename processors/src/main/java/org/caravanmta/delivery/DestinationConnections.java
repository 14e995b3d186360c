package org.caravanmta.delivery;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

import org.caravanmta.bounce.FailurePolicy;
import org.caravanmta.bounce.FailurePolicy.ConnectVerdict;
import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.delivery.NextHops.Targets;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.ConnectRequest;

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
    private long diallingPausedUntil;

    DestinationConnections(DestinationState destination, DeliveryContext context) {
        this.destination = destination;
        this.context = context;
    }

    /** Takes an idle connection; null when there is none. */
    OutboundConnection lease() {
        return idle.pollLast();
    }

    /** A leased connection that was not used. */
    void giveBack(OutboundConnection c) {
        idle.addLast(c);
    }

    int established() {
        return established.size();
    }

    int busy() {
        return established.size() - idle.size();
    }

    boolean none() {
        return established.isEmpty() && dials.isEmpty();
    }

    /** No connection is there, and one is being opened for a second already. */
    boolean noneAnswers() {
        return established.isEmpty() && !dials.isEmpty()
                && context.nanoTime() - dials.iterator().next().began > SLOW_NANOS;
    }

    /** Opens connections until {@code wanted} are on their way, within {@code max} in all. */
    void grow(int wanted, int max) {
        if (diallingPausedUntil != 0 && context.nanoTime() - diallingPausedUntil < 0)
            return;
        while (dials.size() < wanted && established.size() + dials.size() < max) {
            Dial dial = new Dial(destination.settings());
            dials.add(dial);
            dial.resolve();
        }
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
        int max = destination.settings().maxMsgPerConnection();
        if (reusable && !destination.stopping() && (max == 0 || c.carried() < max)) {
            c.idleSince(context.nanoTime());
            idle.addLast(c);
        } else if (reusable)
            c.quit(); // counts as a connection until it is closed: the receiver still sees it
        destination.pump();
    }

    /** From {@link OutboundConnection}: gone, for whatever reason. */
    void closed(OutboundConnection c) {
        idle.remove(c);
        if (established.remove(c))
            destination.pump();
    }

    /** One search for a host that answers. */
    final class Dial {

        private final DomainSettings settings;
        private final long began = context.nanoTime();
        private Targets targets;
        private int next;

        Dial(DomainSettings settings) {
            this.settings = settings;
        }

        void resolve() {
            context.hops().find(destination.name(), settings).whenComplete((found, error) -> {
                if (context.loop().inEventLoop())
                    resolved(found, error);
                else
                    context.loop().execute(() -> resolved(found, error));
            });
        }

        private void resolved(Targets found, Throwable error) {
            if (error != null)
                over(Failure.of(Stage.DNS, Failure.Cause.DNS_TEMPORARY, error.toString()));
            else if (found.failure() != null)
                over(found.failure());
            else {
                targets = found;
                connect();
            }
        }

        private void connect() {
            SourceHost source = null;
            if (!context.sources().isEmpty()) {
                source = context.rotation().next(context.nanoTime());
                if (source == null) {
                    over(Failure.of(Stage.CONNECT, Failure.Cause.SOURCE_ADDRESS_MISSING,
                            "no source address of this VirtualMTA is on this machine"));
                    return;
                }
            }
            Target target = targets.list().get(next++);
            var request = new ConnectRequest(target.address(), target.host(), source == null ? null : source.address(),
                    source == null ? context.hostName() : source.ehloName(), settings);
            context.connector().connect(request, context.loop(),
                    new OutboundConnection(DestinationConnections.this, this, request));
        }

        void ready(OutboundConnection c) {
            dials.remove(this);
            established.add(c);
            if (destination.stopping()) {
                c.quit();
                return;
            }
            if (c.request().source() != null)
                context.sourceWorks(c.request().source());
            c.idleSince(context.nanoTime());
            idle.addLast(c);
            destination.connected();
        }

        void failed(OutboundConnection c, Failure failure) {
            boolean more = next < targets.list().size() && !destination.stopping();
            ConnectVerdict verdict = FailurePolicy.connection(failure, more, settings);
            if (verdict == ConnectVerdict.SOURCE_MISSING) {
                context.sourceMissing(c.request().source());
                next--;
                connect();
            } else if (verdict == ConnectVerdict.NEXT_HOST)
                connect();
            else
                over(failure);
        }

        private void over(Failure failure) {
            dials.remove(this);
            destination.dialFailed(failure);
        }
    }
}
