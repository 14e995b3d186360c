package org.caravanmta.artemis;

import java.io.IOException;
import java.util.Locale;

import org.apache.activemq.artemis.api.core.ActiveMQAddressFullException;
import org.apache.activemq.artemis.api.core.ActiveMQShutdownException;

import org.caravanmta.queue.StoreFullException;

/** Says what a failure of the broker means. */
final class StoreErrors {

    private StoreErrors() {
    }

    /** Whether it may go away by itself: a full disk, a stopping broker, an I/O error. Everything else is our bug. */
    static boolean temporary(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause())
            if (t instanceof ActiveMQAddressFullException || t instanceof ActiveMQShutdownException
                    || t instanceof IOException || t instanceof StoreFullException)
                return true;
        return false;
    }

    static boolean full(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause())
            if (t instanceof ActiveMQAddressFullException || noSpace(t.getMessage()))
                return true;
        return false;
    }

    /** What the submitter is told. */
    static Exception forSubmitter(Exception failure) {
        return full(failure) ? new StoreFullException("disk full") : failure;
    }

    static Exception forSubmitter(int code, String message) {
        return noSpace(message) ? new StoreFullException("disk full")
                : new IOException("broker error " + code + ": " + message);
    }

    private static boolean noSpace(String message) {
        return message != null && message.toLowerCase(Locale.ROOT).contains("no space left");
    }
}
