package org.caravanmta.artemis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.config.CaravanConfig.BrokerSettings;

/**
 * The broker in this process: its lock, its data below {@code <home>/broker}, its start and its end. Nothing can connect
 * to it until {@link ClientDoors} are opened. It is either fully active when {@link #start} returns, or {@code start} throws and has released everything.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final HomeLock lock;
    private final Path data;
    private final ActiveMQServer server;
    private final ClientGuard guard = new ClientGuard();
    private final DiskSpace disk;
    private final BrokerOptions options;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile boolean closing;

    private EmbeddedBroker(HomeLock lock, Path data, BrokerSettings settings, BrokerOptions options) {
        this.lock = lock;
        this.data = data;
        this.options = options;
        this.disk = new DiskSpace(data, options.usableSpace(), settings.minFreeSpaceBytes());
        this.server = new ActiveMQServerImpl(BrokerConfiguration.build(data, settings, options.jmx()), guard);
    }

    /** @throws HomeInUseException   another instance has the home; nothing was touched
     *  @throws BrokerStartException the journal cannot be opened; the cause says why */
    public static EmbeddedBroker start(Path home, BrokerSettings settings, BrokerOptions options) {
        // Without this, Netty 4.2 cannot free the journal's buffers and a second start on the same journal fails.
        if (System.getProperty("io.netty.noUnsafe") == null)
            System.setProperty("io.netty.noUnsafe", "false");
        HomeLock lock = HomeLock.acquire(home);
        try {
            Path data = Files.createDirectories(home.resolve("broker"));
            EmbeddedBroker broker = new EmbeddedBroker(lock, data, settings, options);
            broker.activate();
            return broker;
        } catch (BrokerStartException e) {
            lock.close();
            throw e;
        } catch (Exception e) {
            lock.close();
            throw new BrokerStartException("the broker below " + home + " did not start", e);
        }
    }

    /** Artemis' own start does not throw when activation fails: it must be asked. */
    private void activate() throws Exception {
        long began = System.nanoTime();
        boolean unclean = Files.exists(running());
        AtomicReference<Exception> cause = new AtomicReference<>();
        server.registerActivationFailureListener(cause::set);
        server.registerIOCriticalErrorListener((e, message, file) -> fail("I/O error on " + file + ": " + message, e));
        try {
            server.start();
            if (cause.get() != null || !server.waitForActivation(30, TimeUnit.SECONDS) || !server.isActive())
                throw new BrokerStartException("the broker below " + data + " did not become active", cause.get());
            CalmFlushes.write(server.getStorageManager());
            server.getCriticalAnalyzer().addAction(part -> fail("no progress in " + part, null));
            ownQueue(BrokerConfiguration.DEAD_LETTER);
            ownQueue(BrokerConfiguration.EXPIRED);
            if (!unclean)
                Files.createFile(running());
        } catch (Exception e) {
            closing = true;
            server.stop();
            throw e;
        }
        disk.watch(server.getScheduledPool());
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        if (unclean)
            LOG.warn("the last run did not end cleanly: journal in {} recovered in {} ms", data, ms);
        else
            LOG.info("broker in {} ready after {} ms, {} journal", data, ms,
                    server.getConfiguration().getJournalType());
    }

    private void ownQueue(String name) throws Exception {
        server.createQueue(QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST).setDurable(true)
                .setAutoCreateAddress(true), true);
    }

    /** Exists from start to clean end. */
    private Path running() {
        return data.resolve("running");
    }

    private void fail(String reason, Throwable cause) {
        if (closing || !failed.compareAndSet(false, true))
            return;
        LOG.error("the broker has failed and needs a restart, nothing acknowledged is lost: {}", reason, cause);
        options.onFailure().accept(reason);
    }

    ClientGuard guard() {
        return guard;
    }

    ActiveMQServer server() {
        return server;
    }

    /** Why new mail cannot be stored, or null. */
    String refusal() {
        return failed.get() || closing ? "queue store stopped" : disk.refusal();
    }

    boolean hasFailed() {
        return failed.get();
    }

    /** Stops cleanly. The home can be used again afterwards. */
    @Override
    public void close() {
        if (closing)
            return;
        closing = true;
        disk.stop();
        try {
            server.stop();
            if (!failed.get())
                Files.deleteIfExists(running());
        } catch (Exception e) {
            LOG.error("the broker did not stop cleanly; the next start recovers its journal", e);
        } finally {
            lock.close();
        }
    }
}
