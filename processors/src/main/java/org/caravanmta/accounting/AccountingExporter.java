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

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.queue.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the events of one durable reader to one file, command or web server, off the delivery path. A full disk, a broker
 * in trouble, a file that was moved away or a server that does not answer only makes it wait: reader and destination are
 * then opened anew, which is the same way back as after a crash. One thread of its own.
 */
public final class AccountingExporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountingExporter.class);
    private static final long POLL_MS = 200;
    private static final long GATHER_MS = 200;
    private static final long RETRY_MS = 1000;
    /** Polls without an event, after which trouble is over too. */
    private static final int IDLE_ENOUGH = 10;
    private static final int MAX_READER_NAME = 100;
    private static final Pattern CODED = Pattern.compile("_([0-9a-f]{1,4})_");

    private final EventLog log;
    private final AcctFile config;
    private final Path home;
    private final ZoneId zone;
    private final Path path;
    private final FinishedFiles finished;
    private final AccountingFile.Opener opener;
    private final long retryMs;
    private final UnreadableEvents unreadable;
    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final FileSession.Pace pace;
    private final Thread thread;
    private EventLog.Reader first;
    private volatile long reachedMs = System.currentTimeMillis();
    private volatile String trouble;
    private int failures;

    /** @param home folder that relative paths start from */
    public AccountingExporter(EventLog log, AcctFile config, Path home, ZoneId zone) {
        this(log, config, home, zone, AccountingFile.ON_DISK, RETRY_MS);
    }

    AccountingExporter(EventLog log, AcctFile config, Path home, ZoneId zone, AccountingFile.Opener opener,
            long retryMs) {
        this.log = log;
        this.config = config;
        this.home = home;
        this.zone = zone;
        boolean file = !config.isPipe() && !config.isWebhook();
        this.path = home.resolve(file ? config.path() : readerName(config));
        this.finished = new FinishedFiles(path, config.rotation(), zone);
        this.opener = opener;
        this.retryMs = retryMs;
        this.unreadable = new UnreadableEvents(readerName(config), path);
        this.pace = new FileSession.Pace(POLL_MS, GATHER_MS, () -> closing.getCount() == 0, System::currentTimeMillis);
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

    /** What it was made for. */
    public AcctFile config() {
        return config;
    }

    /** Why nothing can be exported just now; null when all is well. */
    public String trouble() {
        return trouble;
    }

    /** How old the oldest record is that was not exported; about 0 when there is none. */
    public long behindMs() {
        return Math.max(0, System.currentTimeMillis() - reachedMs);
    }

    private void run() {
        try {
            boolean done = false;
            while (!done)
                done = session() || closing.await(trouble == null ? 0 : waitMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Files are tried each second; a command or a server ever more rarely. */
    private long waitMs() {
        if (!config.isPipe() && !config.isWebhook())
            return retryMs;
        return Math.min(config.pipe().retryInterval().toMillis(), retryMs << Math.min(failures - 1, 20));
    }

    /** Until the gateway stops and everything is written: true. After trouble: false. */
    private boolean session() throws InterruptedException {
        int idle = 0;
        try (EventLog.Reader events = reader(); ExportSession session = open(events)) {
            while (true) {
                int records = session.move();
                idle = records < 0 ? idle + 1 : 0;
                if (session.proven() && (records >= 0 || idle > IDLE_ENOUGH))
                    healthy();
                if (records >= 0)
                    wrote(records, session.reachedMs());
                else if (closing.getCount() == 0)
                    return true;
                else
                    reachedMs = System.currentTimeMillis();
            }
        } catch (AccountingFile.MovedAway | AccountingFile.Finished e) {
            LOG.debug("opened anew", e);
        } catch (IOException | IllegalStateException e) {
            failed(e, false);
        } catch (RuntimeException e) {
            failed(e, true);
        }
        return false;
    }

    private ExportSession open(EventLog.Reader events) throws IOException {
        if (config.isPipe())
            return new PipeSession(events, home, config, zone, unreadable, pace);
        if (config.isWebhook())
            return new WebhookSession(events, home, config, zone, unreadable, pace);
        return new FileSession(events, path, finished, config, zone, unreadable, pace, opener);
    }

    private EventLog.Reader reader() {
        EventLog.Reader reader = first == null ? log.open(readerName(config)) : first;
        first = null;
        return reader;
    }

    private void failed(Exception e, boolean defect) {
        failures++;
        if (trouble == null && defect)
            LOG.error("ALARM: accounting file {} is not written for a defect; its records wait", name(), e);
        else if (trouble == null)
            LOG.error("ALARM: accounting file {} cannot be written: {}; its records wait", name(), e.toString());
        trouble = e.toString();
    }

    private String name() {
        return config.isPipe() || config.isWebhook() ? config.path() : path.toString();
    }

    private void wrote(int records, long reached) {
        written.addAndGet(records);
        if (reached > 0)
            reachedMs = reached;
    }

    private void healthy() {
        if (trouble != null)
            LOG.warn("accounting file {} can be written again", name());
        trouble = null;
        failures = 0;
    }

    /** Writes what is there, then ends; does not wait for it. */
    void end() {
        closing.countDown();
    }

    /** Writes what is there, then ends. */
    @Override
    public void close() {
        end();
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
