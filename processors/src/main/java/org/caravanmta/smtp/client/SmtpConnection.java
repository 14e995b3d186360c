package org.caravanmta.smtp.client;

import java.net.InetSocketAddress;

import org.caravanmta.message.QueuedMessage;
import org.caravanmta.smtp.Failure;

/**
 * One outbound SMTP connection. Belongs to one event loop: every call and every callback happens there.
 * Life: {@link Listener#ready} once, or {@link Listener#failed} once; between transactions {@link #send} or
 * {@link #quit}; at the end {@link Listener#closed} once (also after failed).
 */
public interface SmtpConnection {

    /** What connected: facts for records. */
    Peer peer();

    /**
     * Starts a transaction for all recipients of the message; only when ready and no other is running. Pipelines MAIL,
     * RCPT and DATA when offered. {@link Listener#finished} is called exactly once, whatever happens, and never before
     * this method has returned. On a connection that is closed by now it tells CONNECTION_LOST in stage MAIL.
     */
    void send(QueuedMessage message);

    /**
     * Says QUIT, and closes when answered or after some seconds. During a transaction: at its end, which is then not
     * reusable.
     */
    void quit();

    /** Closes at once; a running transaction is finished with CONNECTION_LOST. */
    void abort(String reason);

    /**
     * @param name       host name of the peer
     * @param remote     its address
     * @param local      the address we speak from; null before ready
     * @param extensions EHLO keywords in the peer's order, {@code PIPELINING,SIZE,8BITMIME}; empty after HELO
     * @param tlsProtocol {@code TLSv1.3}; null without TLS
     * @param tlsCipher   by its IANA name; null without TLS
     */
    record Peer(String name, InetSocketAddress remote, InetSocketAddress local, String extensions, String tlsProtocol,
            String tlsCipher) {
    }

    interface Listener {

        /** Greeting and EHLO are done, TLS and login too where they are due. */
        void ready(SmtpConnection connection);

        /** The connection never became ready. */
        void failed(SmtpConnection connection, Failure failure);

        /**
         * The transaction has ended; when {@code reusable}, the next may be sent, also from within this call. Else the
         * connection closes by itself.
         */
        void finished(SmtpConnection connection, TransactionResult result, boolean reusable);

        /**
         * The connection is gone. An idle one may be closed by the peer at any time; one that is idle for longer than
         * its idle timeout is told as gone at once, and says QUIT by itself.
         */
        void closed(SmtpConnection connection);

        /** Behind {@link #closed}, once: the socket is closed, so the peer sees this connection no more. */
        default void ended(SmtpConnection connection) {
        }
    }
}
