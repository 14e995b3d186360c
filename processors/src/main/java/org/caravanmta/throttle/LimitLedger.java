package org.caravanmta.throttle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.caravanmta.config.Rate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What limits by time have used, over restarts. The one owner of the file; any thread. A thread of its own writes what
 * windows hand in, all that has come in the meantime with one sync.
 * <p>
 * Windows of {@link #KEPT_FROM} and longer are kept in it. For shorter ones all there is to remember is when the gateway
 * ended: until their length after that they count as full.
 */
public final class LimitLedger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LimitLedger.class);

    static final Duration KEPT_FROM = Duration.ofSeconds(10);

    /** Between two syncs, so that thousands of windows share them. */
    private static final long CALM_MS = 20;
    private static final long RETRY_MS = 1000;
    private static final long FLUSH_S = 5;

    private record Write(UsedWindow used, Runnable synced) {
    }

    private final LedgerFile file;
    private final long calmMs;
    private final LongSupplier clockMs;
    private final LongSupplier nanoTime;
    private final Map<LimitKey, UsedWindow> found = new ConcurrentHashMap<>();
    private final Set<Reserve> reserves = ConcurrentHashMap.newKeySet();
    /** What the file says. Owned by the writer. */
    private final Map<LimitKey, UsedWindow> written = new HashMap<>();
    private Map<LimitKey, Write> waiting = new LinkedHashMap<>();
    private Thread writer;
    private boolean closing;
    /** The former run had ended by then; 0 when there was none. */
    private long endedMs;
    /** Before that anything may have been used; 0 when all is known. */
    private long unknownBeforeMs;
    private boolean failing;

    private LimitLedger(Path path, LongSupplier clockMs, LongSupplier nanoTime, long calmMs) {
        this.file = path == null ? null : new LedgerFile(path);
        this.calmMs = calmMs;
        this.clockMs = clockMs;
        this.nanoTime = nanoTime;
    }

    /** Keeps nothing: every window begins empty. */
    public static LimitLedger none() {
        return new LimitLedger(null, System::currentTimeMillis, System::nanoTime, CALM_MS);
    }

    /**
     * Reads what former runs used, and begins to write.
     *
     * @param path of the file; it and its folder are made when they are missing, and then every window begins empty
     * @throws IOException when the file can be neither read nor written
     */
    public static LimitLedger open(Path path, LongSupplier clockMs, LongSupplier nanoTime) throws IOException {
        return open(path, clockMs, nanoTime, CALM_MS);
    }

    static LimitLedger open(Path path, LongSupplier clockMs, LongSupplier nanoTime, long calmMs) throws IOException {
        LimitLedger ledger = new LimitLedger(path, clockMs, nanoTime, calmMs);
        ledger.recover(path);
        ledger.writer = Thread.ofPlatform().name("limits-ledger")
                .uncaughtExceptionHandler((_, e) -> LOG
                        .error("ALARM: limits by time are no longer written, their mail waits for a restart", e))
                .start(ledger::write);
        return ledger;
    }

    private void recover(Path path) throws IOException {
        long now = clockMs.getAsLong();
        FormerRun former = new FormerRun();
        LedgerFile.Found how = file.read(former);
        former.windows.forEach((key, used) -> {
            UsedWindow counts = used.atStart(now);
            if (!counts.empty())
                found.put(key, counts);
        });
        unknownBeforeMs = Math.min(former.unknownBeforeMs, now);
        endedMs = switch (how) {
            case NONE -> 0;
            case WHOLE -> former.endMs == 0 ? now : Math.min(former.endMs, now);
            case DAMAGED -> now;
        };
        if (how == LedgerFile.Found.DAMAGED) {
            unknownBeforeMs = now;
            LOG.error("ALARM: {} is damaged. What limits by time have used is not known, so each of them counts as "
                    + "used up just now: mail under a limit N/d waits for a day, under N/h for an hour. To let it go at "
                    + "once, at the risk of exceeding limits, stop the gateway, delete the file and start again",
                    path);
        }
        written.putAll(found);
        file.writeAnew(all());
    }

    private static final class FormerRun implements LedgerCodec.Reader {

        final Map<LimitKey, UsedWindow> windows = new HashMap<>();
        long endMs;
        long unknownBeforeMs;

        @Override
        public void window(LimitKey key, UsedWindow used) {
            windows.put(key, used);
            endMs = 0;
        }

        @Override
        public void gone(LimitKey key) {
            windows.remove(key);
            endMs = 0;
        }

        @Override
        public void end(long atMs) {
            endMs = atMs;
        }

        @Override
        public void unknownBefore(long atMs) {
            unknownBeforeMs = Math.max(unknownBeforeMs, atMs);
        }
    }

    // -------------------------------------------------------------- for windows, any thread

    boolean keeps(Rate rate) {
        return file != null && !rate.unlimited() && rate.per().compareTo(KEPT_FROM) >= 0;
    }

    /** Puts into a new window what was used before it was there. */
    void recall(LimitKey key, SlidingWindow window) {
        Rate rate = window.rate();
        if (file == null || rate.unlimited())
            return;
        long now = clockMs.getAsLong();
        long nanos = nanoTime.getAsLong();
        boolean kept = keeps(rate);
        long fullAt = kept ? unknownBeforeMs : endedMs;
        if (fullAt > 0)
            window.remember(rate.count(), nanos - TimeUnit.MILLISECONDS.toNanos(Math.max(0, now - fullAt)));
        UsedWindow used = kept ? found.remove(key) : null;
        if (used != null)
            used.addTo(window, now, nanos);
    }

    void opened(Reserve reserve) {
        reserves.add(reserve);
    }

    /** A window is no longer there; another one under its key takes over what it had used. */
    void closed(Reserve reserve, LimitKey key, UsedWindow used) {
        reserves.remove(reserve);
        if (!used.empty())
            found.put(key, used);
        write(key, used.empty() ? null : used, () -> {
        });
    }

    void dropped(Reserve reserve, LimitKey key) {
        reserves.remove(reserve);
        write(key, null, () -> {
        });
    }

    /**
     * Writes soon; of several records under one key only the last one.
     *
     * @param used   null when nothing counts any more
     * @param synced called on the writer's thread once it is on disk; not when another record came first
     */
    synchronized void write(LimitKey key, UsedWindow used, Runnable synced) {
        waiting.put(key, new Write(used, synced));
        notifyAll();
    }

    long nowMs() {
        return clockMs.getAsLong();
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    // -------------------------------------------------------------------------- the writer

    private void write() {
        for (Map<LimitKey, Write> batch; (batch = next()) != null;) {
            while (!written(batch))
                if (!pause(RETRY_MS))
                    return;
            batch.values().forEach(w -> w.synced().run());
            pause(calmMs);
        }
    }

    /** Null when all is written and no more will come. */
    private synchronized Map<LimitKey, Write> next() {
        try {
            while (waiting.isEmpty() && !closing)
                wait();
        } catch (InterruptedException e) {
            return null;
        }
        if (waiting.isEmpty())
            return null;
        Map<LimitKey, Write> batch = waiting;
        waiting = new LinkedHashMap<>();
        return batch;
    }

    /** Says whether to go on: at the end nobody waits any longer. */
    private synchronized boolean pause(long ms) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        try {
            for (long left = ms; left > 0 && !closing; left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()))
                wait(left);
        } catch (InterruptedException e) {
            return false;
        }
        return !closing;
    }

    private boolean written(Map<LimitKey, Write> batch) {
        batch.forEach((key, w) -> {
            if (w.used() == null)
                written.remove(key);
            else
                written.put(key, w.used());
        });
        try {
            if (file.outgrown())
                file.writeAnew(all());
            else
                file.append(codec(batch));
            if (failing)
                LOG.warn("what limits by time have used can be written again");
            failing = false;
            return true;
        } catch (IOException e) {
            if (!failing)
                LOG.error("ALARM: what limits by time have used cannot be written: {}; mail under such limits waits "
                        + "until it can, and is tried every second", e.toString());
            failing = true;
            return false;
        }
    }

    private static ByteBuffer codec(Map<LimitKey, Write> batch) throws IOException {
        LedgerCodec codec = new LedgerCodec();
        for (Map.Entry<LimitKey, Write> e : batch.entrySet())
            if (e.getValue().used() == null)
                codec.gone(e.getKey());
            else
                codec.window(e.getKey(), e.getValue().used());
        return codec.batch();
    }

    /** Everything that still counts. */
    private ByteBuffer all() throws IOException {
        long now = clockMs.getAsLong();
        written.values().removeIf(used -> used.open() == 0 && used.atStart(now).empty());
        LedgerCodec codec = new LedgerCodec();
        if (unknownBeforeMs > 0)
            codec.unknownBefore(unknownBeforeMs);
        for (Map.Entry<LimitKey, UsedWindow> e : written.entrySet())
            codec.window(e.getKey(), e.getValue());
        return codec.batch();
    }

    // ------------------------------------------------------------------------------ the end

    /** To be called when nothing is sent any more, while event loops still run: what is known is written exactly. */
    @Override
    public void close() {
        if (file == null)
            return;
        try {
            settle();
            synchronized (this) {
                closing = true;
                notifyAll();
            }
            writer.join();
            LedgerCodec codec = new LedgerCodec();
            codec.end(clockMs.getAsLong());
            file.append(codec.batch());
            file.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("what limits by time have used could not be written at the end: {}", e.toString());
        }
    }

    private void settle() throws InterruptedException {
        Set<Reserve> open = Set.copyOf(reserves);
        CountDownLatch settled = new CountDownLatch(open.size());
        for (Reserve r : open)
            r.settle(settled::countDown);
        if (!settled.await(FLUSH_S, TimeUnit.SECONDS))
            LOG.warn("{} limits count with their reserve after the next start", settled.getCount());
    }
}
