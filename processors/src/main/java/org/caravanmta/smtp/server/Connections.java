package org.caravanmta.smtp.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.caravanmta.config.CaravanConfig.SmtpInLimits;

/** The registry of open connections, which counts them against the limits. One lock: it is taken twice a connection. */
final class Connections {

    private final Set<SmtpServerHandler> open = new HashSet<>();
    private final Map<InetAddress, Integer> perClient = new HashMap<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    /** @return null when the connection is in; else what to answer instead of a greeting */
    synchronized byte[] admit(SmtpServerHandler connection, InetAddress client, SmtpInLimits limits) {
        if (draining)
            return Replies.SHUTTING_DOWN;
        if (limits.totalMaxSmtpIn() > 0 && open.size() >= limits.totalMaxSmtpIn())
            return Replies.TOO_MANY_CONNECTIONS;
        int ofClient = perClient.getOrDefault(client, 0);
        if (limits.maxSmtpInPerClient() > 0 && ofClient >= limits.maxSmtpInPerClient())
            return Replies.TOO_MANY_FROM_CLIENT;
        open.add(connection);
        perClient.put(client, ofClient + 1);
        return null;
    }

    synchronized void leave(SmtpServerHandler connection, InetAddress client) {
        if (!open.remove(connection))
            return;
        perClient.computeIfPresent(client, (c, n) -> n == 1 ? null : n - 1);
        completeWhenEmpty();
    }

    boolean draining() {
        return draining;
    }

    synchronized int size() {
        return open.size();
    }

    CompletableFuture<Void> drain() {
        for (SmtpServerHandler connection : beginDraining())
            connection.drain();
        return drained;
    }

    void closeAll() {
        for (SmtpServerHandler connection : beginDraining())
            connection.close();
    }

    private synchronized List<SmtpServerHandler> beginDraining() {
        draining = true;
        completeWhenEmpty();
        return new ArrayList<>(open);
    }

    private void completeWhenEmpty() {
        if (draining && open.isEmpty())
            drained.complete(null);
    }
}
