package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.queue.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All exports of a gateway, each with its own durable reader, so that none waits for another. Watches how far they are
 * behind: what they have not taken is kept on the disk of the home folder. Any thread.
 */
public final class AccountingExports implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountingExports.class);
    private static final long UNREAD_WAIT_MS = 1000;
    private static final long LOOK_S = 10;
    private static final long LATE_MS = TimeUnit.MINUTES.toMillis(5);
    private static final long NEARLY_MS = TimeUnit.SECONDS.toMillis(15);
    private static final long WAITING_BYTES = 16 << 20;

    private final EventLog log;
    private final Path home;
    private final ZoneId zone;
    private final Map<String, AccountingExporter> running = new LinkedHashMap<>();
    private final Set<String> late = new HashSet<>();
    private final ScheduledExecutorService watch = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("caravan-acct-watch").factory());
    private boolean toldDisk;

    /** What one export is doing. {@code trouble}: null when all is well. */
    public record Status(String path, long behindMs, long waitingBytes, long written, String trouble) {
    }

    /** @param home folder that relative paths start from */
    public AccountingExports(EventLog log, Path home, ZoneId zone) {
        this.log = log;
        this.home = home;
        this.zone = zone;
    }

    /**
     * Forgets the readers that no file is configured for.
     *
     * @return the path of one that has not written everything, and none was forgotten behind it; null when there is none
     */
    public String forgetAllBut(List<AcctFile> files) throws InterruptedException {
        Set<String> wanted = new HashSet<>();
        files.forEach(f -> wanted.add(AccountingExporter.readerName(f)));
        for (String reader : log.readers())
            if (!wanted.contains(reader)) {
                if (hasUnread(reader))
                    return AccountingExporter.fileOf(reader);
                LOG.info("accounting reader {} is no longer configured and had written everything", reader);
                log.drop(reader);
            }
        return null;
    }

    private boolean hasUnread(String reader) throws InterruptedException {
        try (EventLog.Reader r = log.open(reader)) {
            return !r.poll(1, UNREAD_WAIT_MS).isEmpty();
        }
    }

    /** From now on no event is missed. */
    public synchronized void start(List<AcctFile> files, long minFreeSpaceBytes) {
        files.forEach(this::start);
        watch.scheduleWithFixedDelay(() -> look(minFreeSpaceBytes), LOOK_S, LOOK_S, TimeUnit.SECONDS);
    }

    private void start(AcctFile file) {
        AccountingExporter exporter = new AccountingExporter(log, file, home, zone);
        running.put(AccountingExporter.readerName(file), exporter);
        exporter.start();
    }

    /**
     * What keeps these files from being taken over, each with its remedy; empty when nothing does: one that is no longer
     * there cannot write what waits for it.
     */
    public synchronized List<String> refusals(List<AcctFile> next) {
        Set<String> wanted = new HashSet<>();
        next.forEach(f -> wanted.add(AccountingExporter.readerName(f)));
        List<String> refusals = new ArrayList<>();
        running.forEach((reader, e) -> {
            if (wanted.contains(reader))
                return;
            if (e.trouble() != null)
                refusals.add("acct-file " + e.config().path() + " is gone, but its records wait, since " + e.trouble()
                        + "; nothing was taken over: mend that, or put it back and reload");
            else if (e.behindMs() > NEARLY_MS)
                refusals.add("acct-file " + e.config().path() + " is gone, but it is " + e.behindMs() / 1000
                        + " s behind; nothing was taken over: reload again when it has caught up");
        });
        return refusals;
    }

    /** Those that did not change go on; one that is gone first writes what was logged until now. */
    public synchronized void reload(List<AcctFile> next) {
        Map<String, AcctFile> wanted = new LinkedHashMap<>();
        next.forEach(f -> wanted.put(AccountingExporter.readerName(f), f));
        for (String reader : List.copyOf(running.keySet())) {
            AccountingExporter e = running.get(reader);
            if (e.config().equals(wanted.get(reader)))
                continue;
            e.close();
            running.remove(reader);
            if (!wanted.containsKey(reader))
                drop(reader);
        }
        wanted.forEach((reader, file) -> {
            if (!running.containsKey(reader))
                start(file);
        });
    }

    private void drop(String reader) {
        try {
            log.drop(reader);
        } catch (IllegalStateException e) {
            LOG.warn("accounting reader {} is forgotten at the next start only: {}", reader, e.toString());
        }
    }

    public synchronized List<Status> status() {
        List<Status> all = new ArrayList<>();
        running.forEach((reader, e) -> all.add(new Status(e.config().path(), e.behindMs(), log.waitingBytes(reader),
                e.written(), e.trouble())));
        return all;
    }

    /** Whether no record waits for any of them: each was written, or is none that the export wants. */
    public synchronized boolean caughtUp() {
        return running.keySet().stream().allMatch(reader -> log.waitingBytes(reader) == 0);
    }

    private void look(long minFreeSpaceBytes) {
        try {
            List<Status> all = status();
            all.forEach(this::late);
            long waiting = all.stream().mapToLong(Status::waitingBytes).sum();
            long free = Files.getFileStore(home).getUsableSpace();
            boolean tight = waiting > WAITING_BYTES && free < 2 * minFreeSpaceBytes;
            if (tight && !toldDisk)
                LOG.error(
                        "ALARM: {} MB of records wait for accounting files and {} MB of disk are free; below {} MB no "
                                + "mail is taken any more: mend the export, or take its acct-file away",
                        waiting >> 20, free >> 20,
                        minFreeSpaceBytes >> 20);
            toldDisk = tight;
        } catch (IOException | RuntimeException e) {
            LOG.warn("accounting cannot be watched: {}", e.toString());
        }
    }

    private void late(Status s) {
        if (s.behindMs() > LATE_MS && late.add(s.path()))
            LOG.error("ALARM: accounting file {} is {} minutes behind; {} MB of records wait on the disk", s.path(),
                    TimeUnit.MILLISECONDS.toMinutes(s.behindMs()), s.waitingBytes() >> 20);
        else if (s.behindMs() < LATE_MS / 5 && late.remove(s.path()))
            LOG.warn("accounting file {} has caught up", s.path());
    }

    /** Writes what is there, then ends. */
    @Override
    public synchronized void close() {
        watch.shutdownNow();
        running.values().forEach(AccountingExporter::end);
        running.values().forEach(AccountingExporter::close);
    }
}
