package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.client.ConnectRequest;
import org.caravanmta.smtp.client.SmtpConnection;
import org.caravanmta.smtp.client.TransactionResult;
import org.caravanmta.throttle.ConnectionPermits;

/** A connection as its destination sees it: leased for one message at a time. Owned by the VirtualMTA's event loop. */
final class OutboundConnection
        implements
            SmtpConnection.Listener,
            DeliveryAttempt.Line,
            ConnectionPermits.Holder {

    private final DestinationConnections owner;
    private final DestinationConnections.Dial dial;
    private final ConnectRequest request;
    private final SourceUse source;
    private final List<ConnectionPermits> permits = new ArrayList<>(2);
    private SmtpConnection connection;
    private Consumer<TransactionResult> waiting;
    private int carried;
    private int refusals;
    private final List<SharedLimits> countedIn = new ArrayList<>(2);
    private boolean retiring;
    private long idleSinceNanos;
    /** Also read by those who want its permits. */
    private volatile boolean idle;

    OutboundConnection(DestinationConnections owner, DestinationConnections.Dial dial, ConnectRequest request,
            SourceUse source) {
        this.owner = owner;
        this.dial = dial;
        this.request = request;
        this.source = source;
    }

    @Override
    public SmtpConnection.Peer peer() {
        return connection.peer();
    }

    @Override
    public boolean reused() {
        return carried > 1;
    }

    @Override
    public void send(QueuedMessage message, Consumer<TransactionResult> done) {
        carried++;
        idle = false;
        waiting = done;
        connection.send(message);
    }

    @Override
    public void ready(SmtpConnection c) {
        connection = c;
        dial.ready(this);
    }

    @Override
    public void failed(SmtpConnection c, Failure failure) {
        dial.failed(this, failure);
    }

    @Override
    public void finished(SmtpConnection c, TransactionResult result, boolean reusable) {
        Consumer<TransactionResult> done = waiting;
        waiting = null;
        refusals += result.refusals();
        try {
            done.accept(result);
        } finally {
            owner.finished(this, reusable);
        }
    }

    @Override
    public void closed(SmtpConnection c) {
        owner.closed(this);
    }

    @Override
    public void ended(SmtpConnection c) {
        permits.forEach(p -> p.release(this));
        owner.ended(this, dial);
    }

    // ---- permits

    /**
     * Takes all of the permits, or none.
     *
     * @param granted one that was handed to us; null when none was. It is kept or given back
     * @return null when all are taken, else the one to wait for
     */
    ConnectionPermits takePermits(List<ConnectionPermits> always, List<ConnectionPermits> here,
            ConnectionPermits granted) {
        ConnectionPermits missing = take(always, granted);
        if (missing == null)
            missing = take(here, granted);
        if (granted != null && !permits.contains(granted))
            granted.giveBack();
        if (missing != null) {
            permits.forEach(p -> p.release(this));
            permits.clear();
        }
        return missing;
    }

    private ConnectionPermits take(List<ConnectionPermits> needed, ConnectionPermits granted) {
        for (ConnectionPermits p : needed) {
            if (p == granted)
                p.keep(this);
            else if (!p.take(this))
                return p;
            permits.add(p);
        }
        return null;
    }

    /** Whether it shall be closed for somebody who waits for its permit. */
    boolean wantedElsewhere(boolean needed, long nowNanos) {
        for (ConnectionPermits p : permits)
            if (p.wants(this, needed, nowNanos))
                return true;
        return false;
    }

    @Override
    public Executor executor() {
        return owner.loop();
    }

    @Override
    public boolean idle() {
        return idle;
    }

    @Override
    public void wanted() {
        owner.wanted(this);
    }

    /** What its source address uses within the queue. */
    SourceUse source() {
        return source;
    }

    ConnectRequest request() {
        return request;
    }

    /** The message that it carries counts there, until {@link #ended}. */
    void countIn(SharedLimits limits) {
        countedIn.add(limits);
    }

    void ended(int recipients, long bytes, long nowNanos) {
        for (SharedLimits l : countedIn)
            l.end(recipients, bytes, nowNanos);
        countedIn.clear();
    }

    int carried() {
        return carried;
    }

    int refusals() {
        return refusals;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void idleSince(long nowNanos) {
        idleSinceNanos = nowNanos;
        idle = true;
    }

    /** To be closed once it carries nothing. */
    void retire() {
        retiring = true;
    }

    boolean retiring() {
        return retiring;
    }

    void quit() {
        retiring = true;
        idle = false;
        connection.quit();
    }

    void abort(String reason) {
        connection.abort(reason);
    }
}
