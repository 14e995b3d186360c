package org.caravanmta.delivery;

import java.util.function.Consumer;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.queue.MessageStore.StoredMessage;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.client.SmtpConnection;
import org.caravanmta.smtp.client.TransactionResult;

/**
 * One try to deliver one queued message: it may leave now, on {@code line}; or it cannot leave at all, and
 * {@code failure} says why; or it is never to leave ({@code ending}). What the route makes an Exchange of.
 *
 * @param stored   the broker's handle, settled exactly once at the end of the route
 * @param queue    the name of the destination, or of the rollup, whose queue it leaves
 * @param settings the snapshot this attempt began with
 * @param line     a leased connection; null when the attempt ends without one
 * @param failure  why no connection could be had; null otherwise
 * @param ending   why it is over without a try; null otherwise
 * @param ofQueue  whether it stands for its queue: the first of those that one failure of the destination ends
 */
public record DeliveryAttempt(StoredMessage stored, String queue, DomainSettings settings, Line line, Failure failure,
        Ending ending, boolean ofQueue) {

    /** One that stands for itself. */
    public DeliveryAttempt(StoredMessage stored, String queue, DomainSettings settings, Line line, Failure failure,
            Ending ending) {
        this(stored, queue, settings, line, failure, ending, false);
    }

    /** Why a message is not tried any more. */
    public enum Ending {
        /** {@code bounce-after} has passed. */
        EXPIRED,
        /** The same, of a message that waits where its VirtualMTA does not see it. */
        OVERDUE,
        /** The operator has deleted it. */
        DELETED;

        /** Whether the message was taken from a queue of its own, not by its VirtualMTA. */
        boolean apart() {
            return this != EXPIRED;
        }
    }

    static DeliveryAttempt send(StoredMessage stored, String queue, DomainSettings settings, Line line) {
        return new DeliveryAttempt(stored, queue, settings, line, null, null);
    }

    static DeliveryAttempt failed(StoredMessage stored, String queue, DomainSettings settings, Failure failure,
            boolean ofQueue) {
        return new DeliveryAttempt(stored, queue, settings, null, failure, null, ofQueue);
    }

    static DeliveryAttempt ended(StoredMessage stored, String queue, DomainSettings settings, Ending ending) {
        return new DeliveryAttempt(stored, queue, settings, null, null, ending);
    }

    public QueuedMessage message() {
        return stored.message();
    }

    /** A connection leased for one message. */
    public interface Line {

        SmtpConnection.Peer peer();

        /** Whether it carried another message before this one. */
        boolean reused();

        /** Sends the message; {@code done} is called once, on the connection's event loop. */
        void send(QueuedMessage message, Consumer<TransactionResult> done);
    }
}
