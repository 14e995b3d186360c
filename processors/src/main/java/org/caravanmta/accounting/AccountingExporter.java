package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.caravanmta.config.CaravanConfig.AcctFile;
import org.caravanmta.queue.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of one durable reader into one file, off the delivery path and each exactly once: a batch is written
 * and synced, then its events are acknowledged together with the file's new length; at start the file is cut back to the
 * acknowledged length. A full disk only makes it wait. One thread of its own.
 */
public final class AccountingExporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountingExporter.class);
    private static final int BATCH = 1000;
    private static final long WAIT_MS = 200;
    private static final long RETRY_MS = 1000;

    private final EventLog log;
    private final AcctFile config;
    private final Path path;
    private final CsvFormat format;
    private final AtomicLong written = new AtomicLong();
    private final Thread thread;
    private EventLog.Reader reader;
    private volatile boolean closing;

    /** @param home folder that relative paths start from */
    public AccountingExporter(EventLog log, AcctFile config, Path home, ZoneId zone) {
        this.log = log;
        this.config = config;
        this.path = home.resolve(config.path());
        this.format = new CsvFormat(zone);
        this.thread = Thread.ofPlatform().name("caravan-acct").unstarted(this::run);
    }

    /** The durable reader of a file: its path in characters that mean nothing to the broker. */
    public static String readerName(AcctFile config) {
        StringBuilder b = new StringBuilder("acct-");
        for (char c : config.path().toCharArray()) {
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-')
                b.append(c);
            else
                b.append('_').append(Integer.toHexString(c)).append('_');
        }
        return b.toString();
    }

    /** From now on no event is missed: the durable reader exists when this returns. */
    public void start() {
        reader = log.open(readerName(config));
        thread.start();
    }

    /** Records written and acknowledged since the start. */
    public long written() {
        return written.get();
    }

    private void run() {
        try (EventLog.Reader events = reader; AccountingFile file = openFile(events)) {
            while (export(events, file))
                continue;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("ALARM: accounting file {} cannot be written: {}; its records wait", path, e.toString());
        }
    }

    private AccountingFile openFile(EventLog.Reader events) throws InterruptedException, IOException {
        boolean told = false;
        while (true) {
            try {
                return new AccountingFile(path, CsvFormat.HEADER, events.checkpoint());
            } catch (IOException e) {
                if (closing)
                    throw e;
                if (!told)
                    LOG.error("ALARM: accounting file {} cannot be opened: {}; its records wait", path, e.toString());
                told = true;
                Thread.sleep(RETRY_MS);
            }
        }
    }

    /** One batch. Says whether there is more to do. */
    private boolean export(EventLog.Reader events, AccountingFile file) throws InterruptedException {
        List<byte[]> polled = events.poll(BATCH, WAIT_MS);
        if (polled.isEmpty())
            return !closing;
        int records = 0;
        for (byte[] event : polled)
            records += format(event);
        byte[] batch = format.take();
        if (!append(file, batch))
            return false;
        events.acknowledge(file.checkpoint());
        written.addAndGet(records);
        return true;
    }

    private int format(byte[] event) {
        int records = 0;
        for (AccountingRecord r : AccountingCodec.decode(event))
            if (config.records().contains(r.type())) {
                format.add(r);
                records++;
            }
        return records;
    }

    /** Until it is on disk, however long the disk is full. False: the gateway stops first, and the batch comes again. */
    private boolean append(AccountingFile file, byte[] batch) throws InterruptedException {
        boolean told = false;
        while (true) {
            try {
                file.append(batch);
                if (told)
                    LOG.warn("accounting file {} can be written again", path);
                return true;
            } catch (IOException e) {
                if (closing)
                    return false;
                if (!told)
                    LOG.error("ALARM: accounting file {} cannot be written: {}; its records wait", path, e.toString());
                told = true;
                Thread.sleep(RETRY_MS);
            }
        }
    }

    /** Writes what is there, then ends. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(10_000);
            if (thread.isAlive())
                thread.interrupt();
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
