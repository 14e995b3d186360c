package org.caravanmta.accounting;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import org.caravanmta.accounting.FileSession.Pace;
import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.queue.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on the standard input of a command. What it has read nobody says: a record counts as taken once a pipe's whole
 * capacity was written behind it, or when the command ends with 0 after the end of its input. All others come again, with
 * the same record ids.
 */
final class PipeSession implements ExportSession {

    private static final Logger LOG = LoggerFactory.getLogger(PipeSession.class);
    private static final int BATCH = 500;
    /** Linux pipe(7). */
    private static final long CAPACITY_BYTES = 64 << 10;
    private static final long PROVEN_NS = TimeUnit.SECONDS.toNanos(10);

    private final AcctFile config;
    private final String command;
    private final Pace pace;
    private final EventLog.Reader events;
    private final UnreadableEvents unreadable;
    private final RecordStream stream;
    private final RecordFormat format;
    private final Process process;
    private final OutputStream input;
    private final Deque<Written> pending = new ArrayDeque<>();
    private Checkpoint checkpoint;
    private final long startedNs = System.nanoTime();
    private boolean acknowledged;
    private long written;
    private int polledBefore;
    private int takenBefore;

    /** A batch that is in the pipe. */
    private record Written(int events, long end, long passed) {
    }

    PipeSession(EventLog.Reader events, Path home, AcctFile config, ZoneId zone, UnreadableEvents unreadable, Pace pace)
            throws IOException {
        this.events = events;
        this.config = config;
        this.command = config.path().substring(AcctFile.PIPE.length()).strip();
        this.pace = pace;
        this.unreadable = unreadable;
        this.checkpoint = StreamStart.of(events, pace.clockMs());
        this.stream = new RecordStream(events, config, unreadable, checkpoint.records());
        this.format = RecordFormat.of(config, zone, checkpoint.stream());
        try {
            process = new ProcessBuilder(CommandWords.of(command)).directory(home.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new IOException("Error starting \"" + command + "\": " + e.getMessage(), e);
        }
        input = process.getOutputStream();
        try {
            write(format.head());
        } catch (IOException e) {
            end();
            throw e;
        }
    }

    @Override
    public int move() throws IOException, InterruptedException {
        if (!process.isAlive())
            throw new IOException(
                    "Error executing \"" + command + "\": it ended with exit code " + process.exitValue());
        if (stream.read(format, BATCH, pace.pollMs()) == 0)
            return -1;
        byte[] batch = format.take();
        write(batch);
        pending.add(new Written(stream.polled() - polledBefore, written, stream.passed()));
        int records = stream.taken() - takenBefore;
        polledBefore = stream.polled();
        takenBefore = stream.taken();
        acknowledge(written - CAPACITY_BYTES);
        return records;
    }

    private void acknowledge(long upTo) {
        int done = 0;
        while (!pending.isEmpty() && pending.peek().end() <= upTo) {
            Written w = pending.remove();
            done += w.events();
            checkpoint = checkpoint.withRecords(w.passed());
        }
        if (done == 0)
            return;
        events.acknowledge(checkpoint.encode(), done);
        acknowledged = true;
        unreadable.acknowledged(done);
        polledBefore -= done;
        stream.acknowledged(done);
    }

    /** A command that takes nothing for too long is ended, which also ends the write. */
    private void write(byte[] bytes) throws IOException {
        if (bytes.length == 0)
            return;
        Thread watch = Thread.ofVirtual().start(this::endAfterTimeout);
        try {
            input.write(bytes);
            input.flush();
            written += bytes.length;
        } catch (IOException e) {
            throw new IOException("Error writing to \"" + command + "\": " + e.getMessage(), e);
        } finally {
            watch.interrupt();
        }
    }

    private void endAfterTimeout() {
        try {
            Thread.sleep(config.pipe().writeTimeout());
            LOG.warn("\"{}\" took no record for {} s and is ended", command, config.pipe().writeTimeout().toSeconds());
            end();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** A command that cannot do its work often says so only after it has read a little. */
    @Override
    public boolean proven() {
        return acknowledged || process.isAlive() && System.nanoTime() - startedNs > PROVEN_NS;
    }

    @Override
    public long reachedMs() {
        return stream.reachedMs();
    }

    /** The end of the input, and what the command says to it. */
    @Override
    public void close() throws IOException {
        try {
            if (!process.isAlive())
                return;
            input.close();
            Duration patience = pace.closing().getAsBoolean() ? Duration.ofSeconds(5) : config.pipe().writeTimeout();
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0)
                acknowledge(written);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }
}
