package org.caravanmta.submission.pickup;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files of one pickup directory, some at a time. Each file is first moved where only we reach it, then
 * submitted, then deleted; one that is still there after a crash is submitted again, and its ids tell whether it was
 * stored. A file that is refused, and one whose reading failed, holds up no other.
 */
public final class Pickup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pickup.class);
    private static final int AT_A_TIME = 64;
    private static final long LOOK_MS = 200;
    private static final long LATER_MS = 1_000;
    private static final long LONGEST_STOP_MS = 10_000;

    private final PickupFiles files;
    private final Supplier<FileSubmission> terms;
    private final Semaphore permits = new Semaphore(AT_A_TIME);
    private final LongAdder stored = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;
    private boolean trouble;

    private Pickup(PickupFiles files, Supplier<FileSubmission> terms) {
        this.files = files;
        this.terms = terms;
        this.thread = Thread.ofVirtual().name("pickup").unstarted(this::run);
    }

    /**
     * Makes the folders ready; {@link #begin} takes files.
     *
     * @param bad      for files that are refused
     * @param handover asked at each file
     * @throws IOException the folders cannot be used
     */
    public static Pickup open(Path folder, Path bad, Intake intake, Submission submission,
            Supplier<Handover> handover) throws IOException {
        return new Pickup(PickupFiles.open(folder, bad),
                () -> new FileSubmission(intake, submission, handover.get()));
    }

    /** Takes files from now on, first what an earlier run has left. */
    public void begin() {
        thread.start();
    }

    private void run() {
        try {
            resume();
            while (!closing) {
                look();
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException _) {
            // that is all
        }
    }

    private void resume() throws InterruptedException {
        try {
            for (TakenFile file : files.leftOver())
                begin(file);
        } catch (IOException e) {
            LOG.error("ALARM: files that were taken from {} before cannot be read: {}", files, e.toString());
        }
    }

    private void look() throws InterruptedException {
        try (DirectoryStream<Path> waiting = files.waiting()) {
            for (Path path : waiting) {
                if (closing)
                    return;
                TakenFile file = files.take(path);
                if (file != null)
                    begin(file);
            }
            if (trouble)
                LOG.warn("files of {} are taken again", files);
            trouble = false;
        } catch (IOException | DirectoryIteratorException e) {
            if (!trouble)
                LOG.error("ALARM: no files are taken from {}: {}", files, e.toString());
            trouble = true;
            Thread.sleep(LATER_MS);
        }
    }

    private void begin(TakenFile file) throws InterruptedException {
        permits.acquire();
        Thread.ofVirtual().name("pickup-file").start(() -> {
            try {
                submit(file);
            } catch (InterruptedException _) {
                // it stays where it is, for the next run
            } catch (IOException | RuntimeException e) {
                LOG.error("ALARM: a file taken from {} cannot be handed in, it stays in .taken: {}", files,
                        e.toString());
            } finally {
                permits.release();
            }
        });
    }

    private void submit(TakenFile file) throws IOException, InterruptedException {
        while (!closing) {
            try {
                switch (terms.get().submit(file)) {
                    case STORED -> {
                        files.done(file);
                        stored.increment();
                        return;
                    }
                    case UNFINISHED -> {
                        if (files.putBack(file))
                            return;
                        Thread.sleep(LATER_MS);
                    }
                    case LATER -> Thread.sleep(LATER_MS);
                }
            } catch (BadFileException e) {
                files.refuse(file, e.getMessage());
                refused.increment();
                return;
            }
        }
    }

    /** Files whose mail was taken, since the start. */
    public long stored() {
        return stored.sum();
    }

    /** Files that were put aside, since the start. */
    public long refused() {
        return refused.sum();
    }

    /** Takes no more, and finishes what it has. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            if (!permits.tryAcquire(AT_A_TIME, LONGEST_STOP_MS, TimeUnit.MILLISECONDS))
                LOG.warn("{} files of {} are left for the next start",
                        AT_A_TIME - permits.availablePermits(), files);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
