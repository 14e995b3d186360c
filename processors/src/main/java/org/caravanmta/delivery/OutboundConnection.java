package org.caravanmta.delivery;

import java.util.function.Consumer;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.client.ConnectRequest;
import org.caravanmta.smtp.client.SmtpConnection;
import org.caravanmta.smtp.client.TransactionResult;

/** A connection as its destination sees it: leased for one message at a time. Owned by the VirtualMTA's event loop. */
final class OutboundConnection implements SmtpConnection.Listener, DeliveryAttempt.Line {

    private final DestinationConnections owner;
    private final DestinationConnections.Dial dial;
    private final ConnectRequest request;
    private SmtpConnection connection;
    private Consumer<TransactionResult> waiting;
    private int carried;
    private int refusals;
    private long idleSinceNanos;

    OutboundConnection(DestinationConnections owner, DestinationConnections.Dial dial, ConnectRequest request) {
        this.owner = owner;
        this.dial = dial;
        this.request = request;
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
        owner.ended(dial);
    }

    ConnectRequest request() {
        return request;
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
    }

    void quit() {
        connection.quit();
    }

    void abort(String reason) {
        connection.abort(reason);
    }
}
