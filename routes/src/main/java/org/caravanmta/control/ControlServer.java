package org.caravanmta.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.node.ObjectNode;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Answers commands on the control socket: one request and one answer for each connection. The folder keeps others out;
 * besides, the system is asked who connects, and only the owner of the home and root are heard.
 */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MOST_CLIENTS = 32;
    private static final long REQUEST_SECONDS = 10;
    /** To take an answer. One that nobody reads must not keep a place. */
    private static final long ANSWER_SECONDS = 30;

    private final Requests requests;
    private final UnixDomainSocketAddress address;
    private final String owner;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST_CLIENTS);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("caravan-control-timer").daemon(true).unstarted(task));

    private ControlServer(Requests requests, UnixDomainSocketAddress address, String owner,
            ServerSocketChannel server) {
        this.requests = requests;
        this.address = address;
        this.owner = owner;
        this.server = server;
    }

    /** @param home of the gateway, which is locked by it */
    public static ControlServer start(Path home, Requests requests) throws IOException {
        UnixDomainSocketAddress address = ControlSocket.of(home);
        ControlSocket.prepare(address);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        ControlServer started = new ControlServer(requests, address, Files.getOwner(home).getName(), channel);
        Thread.ofPlatform().name("caravan-control").daemon().start(started::accept);
        return started;
    }

    private void accept() {
        while (server.isOpen())
            try {
                places.acquireUninterruptibly();
                SocketChannel client = server.accept();
                clients.add(client);
                Thread.ofVirtual().name("caravan-control-client").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                places.release();
                LOG.warn("a command could not be heard: {}", e.toString());
            }
    }

    private void serve(SocketChannel client) {
        try (client) {
            ScheduledFuture<?> limit = timer.schedule(() -> close(client), REQUEST_SECONDS, TimeUnit.SECONDS);
            UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
            if (!mayAsk(peer.user().getName())) {
                JsonLine.write(client,
                        Requests.refusal("user " + peer.user().getName() + " may not steer this gateway"));
                return;
            }
            ObjectNode request = request(client);
            limit.cancel(false);
            ObjectNode answer = request == null ? Requests.refusal("that is no request") : requests.answer(request);
            limit = timer.schedule(() -> close(client), ANSWER_SECONDS, TimeUnit.SECONDS);
            JsonLine.write(client, answer);
            limit.cancel(false);
        } catch (IOException | RuntimeException e) {
            LOG.debug("a command came to nothing", e);
        } finally {
            clients.remove(client);
            places.release();
        }
    }

    /** Null when it is none. */
    private static ObjectNode request(SocketChannel client) throws IOException {
        try {
            return JsonLine.read(client, JsonLine.REQUEST_BYTES);
        } catch (JacksonException e) {
            return null;
        }
    }

    private boolean mayAsk(String user) {
        return user.equals(owner) || user.equals("root");
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("while closing", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(address.getPath());
        clients.forEach(ControlServer::close);
        timer.shutdownNow();
    }
}
