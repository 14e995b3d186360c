package org.caravanmta.gateway;

import java.net.InetSocketAddress;

/** An address that SMTP cannot be taken on: in use, or not on this machine. */
public final class ListenException extends Exception {

    ListenException(InetSocketAddress listener, Throwable failure) {
        super("cannot listen on " + listener.getAddress().getHostAddress() + ":" + listener.getPort() + ": "
                + failure.getMessage());
    }
}
