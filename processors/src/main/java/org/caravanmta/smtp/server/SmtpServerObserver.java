package org.caravanmta.smtp.server;

import java.net.InetAddress;

import org.caravanmta.message.SubmittedMessage;

/** Hears what happens on the inbound side, for counters. Called from event loops: must be cheap and must not block. */
public interface SmtpServerObserver {

    SmtpServerObserver NONE = new SmtpServerObserver() {
    };

    default void connectionAccepted(InetAddress client) {
    }

    /** Refused before the greeting, with this code: 421 (limits, shutdown) or 521. */
    default void connectionRefused(InetAddress client, int code) {
    }

    /** TLS was to begin and did not; the connection is closed. */
    default void handshakeFailed(InetAddress client) {
    }

    default void connectionClosed(InetAddress client) {
    }

    /** A complete message goes to the next handler. */
    default void messageSubmitted(SubmittedMessage message) {
    }

    /** The next handler has answered. */
    default void messageAnswered(InetAddress client, int code) {
    }

    /** A complete message was refused by the server itself (size, line ends, loop), with this code. */
    default void messageRefused(InetAddress client, int code) {
    }
}
