package org.caravanmta.artemis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.apache.activemq.artemis.core.io.IOCallback;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.postoffice.PostOffice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that commits settlements, {@code caravan-settle}. When nothing is under way it commits at once;
 * while a commit waits for the disk it collects for a millisecond, so that a busy gateway pays for one transaction per
 * many outcomes and an idle one waits for nothing. Commits do not wait for each other's sync; a few may be under way.
 * <p>
 * What fails in company is tried alone; what fails alone is parked; what cannot even be parked (disk full) is tried
 * again, ever more rarely. Nothing is dropped.
 */
final class SettlementWriter {

    private static final Logger LOG = LoggerFactory.getLogger(SettlementWriter.class);

    static final int MAX_BATCH = 500;
    private static final int ENOUGH = 64;
    private static final int MAX_UNDER_WAY = 16;
    private static final int MANY_FAILURES = 8;
    private static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final StorageManager storage;
    private final PostOffice postOffice;
    private final StoreQueues queues;
    private final MessageTranslator translator;
    private final BooleanSupplier eventsWanted;
    private final SettlementFiles files;
    private final SettlementRetries retries = new SettlementRetries();
    private final OperationContext context;
    private final Queue<Settlement> inbox = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<Void>> flushes = new ConcurrentLinkedQueue<>();
    private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);
    private final Thread thread;
    private volatile boolean waiting;
    private volatile boolean stopping;
    private volatile String failure;

    SettlementWriter(StorageManager storage, PostOffice postOffice, OperationContext context, StoreQueues queues,
            MessageTranslator translator, BooleanSupplier eventsWanted, SettlementFiles files) {
        this.storage = storage;
        this.postOffice = postOffice;
        this.context = context;
        this.queues = queues;
        this.translator = translator;
        this.eventsWanted = eventsWanted;
        this.files = files;
        this.thread = Thread.ofPlatform().name("caravan-settle").daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Any thread; does not block. */
    void submit(Settlement settlement) {
        if (settlement.needsFiles()) {
            files.prepare(settlement, this::hand);
        } else {
            hand(settlement);
        }
    }

    private void hand(Settlement settlement) {
        inbox.add(settlement);
        wake();
    }

    private void wake() {
        if (waiting) {
            waiting = false;
            LockSupport.unpark(thread);
        }
    }

    /** Blocks until everything submitted before is durable. */
    void flush() {
        files.await();
        CompletableFuture<Void> mark = new CompletableFuture<>();
        flushes.add(mark);
        wake();
        while (!mark.isDone()) {
            if (failure != null)
                throw new IllegalStateException("settlements cannot be stored: " + failure);
            if (!thread.isAlive())
                throw new IllegalStateException("closed");
            try {
                mark.get(100, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                wake();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Writes what is there, then ends. What still fails then comes again after the next start. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        storage.setContext(context);
        while (!(stopping && inbox.isEmpty() && flushes.isEmpty())) {
            try {
                turn();
            } catch (RuntimeException e) {
                LOG.error("settling failed unexpectedly", e);
            }
        }
    }

    private void turn() {
        List<CompletableFuture<Void>> marks = new ArrayList<>();
        for (CompletableFuture<Void> mark = flushes.poll(); mark != null; mark = flushes.poll())
            marks.add(mark);
        List<Settlement> batch = collect(marks.isEmpty());
        if (!batch.isEmpty())
            write(batch);
        if (!marks.isEmpty())
            complete(marks);
        if (batch.isEmpty() && marks.isEmpty())
            idle();
    }

    private List<Settlement> collect(boolean mayLinger) {
        List<Settlement> batch = new ArrayList<>();
        drain(batch);
        if (mayLinger && !batch.isEmpty() && batch.size() < ENOUGH && underWay.availablePermits() < MAX_UNDER_WAY) {
            LockSupport.parkNanos(LINGER_NS);
            drain(batch);
        }
        return batch;
    }

    private void drain(List<Settlement> batch) {
        for (Settlement s = retries.due(); s != null; s = retries.due())
            again(s);
        while (batch.size() < MAX_BATCH) {
            Settlement s = inbox.poll();
            if (s == null)
                return;
            batch.add(s);
        }
    }

    /** A flush is done when all batches before it are durable and nothing waits for another try. */
    private void complete(List<CompletableFuture<Void>> marks) {
        if (!inbox.isEmpty() || !retries.isEmpty()) {
            flushes.addAll(marks);
            if (inbox.isEmpty())
                idle();
            return;
        }
        for (CompletableFuture<Void> mark : marks)
            context.executeOnCompletion(new IOCallback() {
                @Override
                public void done() {
                    mark.complete(null);
                }

                @Override
                public void onError(int code, String message) {
                    mark.completeExceptionally(new IllegalStateException(message));
                }
            });
    }

    private void idle() {
        waiting = true;
        if (inbox.isEmpty() && !stopping && (flushes.isEmpty() || !retries.isEmpty()))
            LockSupport.parkNanos(this, retries.waitNs());
        waiting = false;
    }

    private void write(List<Settlement> batch) {
        try {
            commit(batch);
        } catch (Exception e) {
            if (batch.size() == 1) {
                alone(batch.getFirst(), e);
            } else {
                LOG.warn("a batch of {} settlements failed, each is tried alone: {}", batch.size(), e.toString());
                for (Settlement s : batch)
                    again(s);
            }
        }
    }

    private void again(Settlement s) {
        if (s.needsFiles()) {
            files.prepare(s, this::hand);
            return;
        }
        try {
            commit(List.of(s));
        } catch (Exception e) {
            alone(s, e);
        }
    }

    /** Not even alone: an error that will stay is parked, one of the surroundings is waited out. */
    private void alone(Settlement s, Exception e) {
        boolean hopeless = !StoreErrors.temporary(e) || s.failures >= MANY_FAILURES && !StoreErrors.full(e);
        if (hopeless && s.parkReason == null) {
            LOG.error("{} failed, the message is parked", s, e);
            again(Settlement.park(s.message, "settlement failed: " + e));
        } else {
            LOG.error("{} cannot be stored just now and is tried again: {}", s, e.toString());
            retries.add(s);
        }
    }

    private void commit(List<Settlement> batch) throws Exception {
        SettlementBatch work = new SettlementBatch(batch, storage, postOffice, queues, translator,
                eventsWanted.getAsBoolean());
        underWay.acquireUninterruptibly();
        try {
            work.commit();
        } catch (Exception e) {
            underWay.release();
            throw e;
        }
        context.executeOnCompletion(new IOCallback() {
            @Override
            public void done() {
                underWay.release();
                work.done();
            }

            @Override
            public void onError(int code, String message) {
                underWay.release();
                failure = message;
                LOG.error("{} settlements did not reach the disk, they come again after a restart: {}", batch.size(),
                        message);
            }
        });
    }
}
