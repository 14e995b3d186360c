package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.queue.EventLog;

/**
 * Moves the events of one reader into one file, batch by batch: written and synced, then acknowledged together with the
 * file's new length. A batch gathers for a moment, since each costs two syncs.
 */
final class FileSession implements ExportSession {

    /** Events of one batch. */
    static final int BATCH = 2000;
    private static final long GATHER_STEP_MS = 20;

    private final AcctFile config;
    private final RecordStream stream;
    private final AccountingFile file;
    private final RecordFormat format;
    private final FinishedFiles finished;
    private final Pace pace;
    private Checkpoint checkpoint;

    /**
     * @param pollMs   how long to wait for a first event
     * @param gatherMs how long to wait for more of them
     * @param closing  whether not to wait any more
     */
    record Pace(long pollMs, long gatherMs, BooleanSupplier closing, LongSupplier clockMs) {
    }

    /** Acknowledges the beginning of a new file, so that a crash within its first batch does not leave it there. */
    FileSession(EventLog.Reader events, Path path, FinishedFiles finished, AcctFile config, ZoneId zone,
            UnreadableEvents unreadable, Pace pace, AccountingFile.Opener opener) throws IOException {
        this.config = config;
        this.pace = pace;
        this.finished = finished;
        Checkpoint from = Checkpoint.decode(events.checkpoint());
        boolean begins = !from.hasStream();
        if (begins)
            from = from.withStream(Long.toString(pace.clockMs().getAsLong(), 36));
        this.format = RecordFormat.of(config, zone, from.stream());
        finished.moveAll();
        finished.deleteOld(pace.clockMs().getAsLong());
        this.file = AccountingFile.open(path, format.head(), config, from, opener, finished);
        this.stream = new RecordStream(events, config, unreadable, from.records());
        this.checkpoint = from.withLength(file.length(), file.begun() ? begunMs(from) : 0);
        if (begins || !checkpoint.equals(from))
            stream.acknowledge(checkpoint);
    }

    private long begunMs(Checkpoint from) {
        return from.begunMs() > 0 ? from.begunMs() : pace.clockMs().getAsLong();
    }

    @Override
    public int move() throws IOException, InterruptedException {
        file.requireInPlace();
        if (due()) {
            finish();
            throw new AccountingFile.Finished(config.path());
        }
        if (stream.read(format, BATCH, pace.pollMs()) == 0)
            return -1;
        long until = System.nanoTime() + pace.gatherMs() * 1_000_000;
        while (stream.polled() < BATCH && System.nanoTime() < until && !pace.closing().getAsBoolean()) {
            Thread.sleep(GATHER_STEP_MS);
            stream.read(format, BATCH - stream.polled(), 0);
        }
        int records = stream.taken();
        if (records > 0)
            file.append(format.take());
        checkpoint = checkpoint.withLength(file.length(), file.begun() ? begunMs(checkpoint) : 0)
                .withRecords(stream.passed());
        stream.acknowledge(checkpoint);
        return records;
    }

    private boolean due() {
        if (checkpoint.begunMs() == 0)
            return false;
        return file.length() >= config.rotation().maxSizeBytes() || pace.clockMs().getAsLong()
                - checkpoint.begunMs() >= config.rotation().moveInterval().toMillis();
    }

    /** The name is acknowledged before it is used, so that no later file ever takes it. */
    private void finish() throws IOException {
        FinishedFiles.Name name = finished.next(checkpoint);
        checkpoint = checkpoint.withFinished(name.day(), name.number());
        stream.acknowledge(checkpoint);
        file.finish(format.tail(), finished.path(name));
        finished.moveAll();
        finished.deleteOld(pace.clockMs().getAsLong());
    }

    @Override
    public long reachedMs() {
        return stream.reachedMs();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
