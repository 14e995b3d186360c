package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.caravanmta.config.CaravanConfig.AcctFile;
import org.caravanmta.queue.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of one durable reader into one file, off the delivery path and each exactly once. A full disk, a
 * broker in trouble or a file that was moved away only makes it wait: reader and file are then opened anew, which is the
 * same way back as after a crash. One thread of its own.
 */
public final class AccountingExporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountingExporter.class);
    private static final long POLL_MS = 200;
    private static final long RETRY_MS = 1000;
    private static final int MAX_READER_NAME = 100;
    private static final Pattern CODED = Pattern.compile("_([0-9a-f]{1,4})_");

    private final EventLog log;
    private final AcctFile config;
    private final Path path;
    private final CsvFormat format;
    private final AccountingFile.Opener opener;
    private final long retryMs;
    private final UnreadableEvents unreadable;
    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private EventLog.Reader first;
    private boolean told;

    /** @param home folder that relative paths start from */
    public AccountingExporter(EventLog log, AcctFile config, Path home, ZoneId zone) {
        this(log, config, home, zone, AccountingFile.ON_DISK, RETRY_MS);
    }

    AccountingExporter(EventLog log, AcctFile config, Path home, ZoneId zone, AccountingFile.Opener opener,
            long retryMs) {
        this.log = log;
        this.config = config;
        this.path = home.resolve(config.path());
        this.format = new CsvFormat(zone);
        this.opener = opener;
        this.retryMs = retryMs;
        this.unreadable = new UnreadableEvents(readerName(config), path);
        this.thread = Thread.ofPlatform().name("caravan-acct").unstarted(this::run);
    }

    /**
     * The durable reader of a file: its path in characters that mean nothing to the broker, or a hash where that is too
     * long for a reader's name.
     */
    public static String readerName(AcctFile config) {
        StringBuilder b = new StringBuilder("acct-");
        for (char c : config.path().toCharArray()) {
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-')
                b.append(c);
            else
                b.append('_').append(Integer.toHexString(c)).append('_');
        }
        return b.length() <= MAX_READER_NAME ? b.toString() : "acct-" + sha256(config.path());
    }

    /** The path that {@link #readerName} was made of, for people; the name itself where it holds only a hash. */
    public static String fileOf(String readerName) {
        return CODED.matcher(readerName.replaceFirst("^acct-", ""))
                .replaceAll(m -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(m.group(1), 16))));
    }

    private static String sha256(String s) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(s.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on no event is missed: the durable reader exists when this returns. */
    public void start() {
        first = log.open(readerName(config));
        thread.start();
    }

    /** Records written and acknowledged since the start. */
    public long written() {
        return written.get();
    }

    /** Events set aside since the start, because they could not be decoded. */
    public long unreadable() {
        return unreadable.count();
    }

    private void run() {
        try {
            boolean done = false;
            while (!done)
                done = session() || closing.await(retryMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the gateway stops and everything is written: true. After trouble: false. */
    private boolean session() throws InterruptedException {
        try (EventLog.Reader events = reader();
                AccountingFile file = AccountingFile.open(path, CsvFormat.HEADER, events.checkpoint(), opener)) {
            AccountingWriter writer = new AccountingWriter(events, file, config.records(), format, unreadable);
            while (true) {
                int records = writer.move(POLL_MS);
                if (records >= 0)
                    wrote(records);
                else if (closing.getCount() == 0)
                    return true;
            }
        } catch (AccountingFile.MovedAway e) {
            LOG.debug("opened anew", e);
        } catch (IOException | IllegalStateException e) {
            if (!told)
                LOG.error("ALARM: accounting file {} cannot be written: {}; its records wait", path, e.toString());
            told = true;
        } catch (RuntimeException e) {
            if (!told)
                LOG.error("ALARM: accounting file {} is not written for a defect; its records wait", path, e);
            told = true;
        }
        return false;
    }

    private EventLog.Reader reader() {
        EventLog.Reader reader = first == null ? log.open(readerName(config)) : first;
        first = null;
        return reader;
    }

    private void wrote(int records) {
        written.addAndGet(records);
        if (told)
            LOG.warn("accounting file {} can be written again", path);
        told = false;
    }

    /** Writes what is there, then ends. */
    @Override
    public void close() {
        closing.countDown();
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
