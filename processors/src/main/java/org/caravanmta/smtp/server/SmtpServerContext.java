package org.caravanmta.smtp.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.message.header.DateText;
import org.caravanmta.smtp.Reply;
import org.caravanmta.tls.TlsProvider;

/**
 * What all connections of the gateway share: configuration, limits' counters, spool folder, shutdown. Immutable apart
 * from the connection registry; any thread.
 */
public final class SmtpServerContext {

    /**
     * Content up to this size stays in heap: 256 KiB. Larger messages are few, and a spool file costs them less than
     * they cost everybody else in the heap.
     */
    public static final int DEFAULT_INLINE_LIMIT_BYTES = 256 * 1024;

    private final Supplier<CaravanConfig> config;
    private final Supplier<Reply> acceptance;
    private final SpoolFolder spool;
    private final int inlineLimitBytes;
    private final Clock clock;
    private final SmtpServerObserver observer;
    private final DateText dates;
    private final MessageIds ids;
    private final InboundTls tls;
    private final Connections connections = new Connections();

    private SmtpServerContext(Builder b) throws IOException {
        this.config = b.config;
        this.acceptance = b.acceptance;
        this.spool = SpoolFolder.open(b.spoolFolder);
        this.inlineLimitBytes = b.inlineLimitBytes;
        this.clock = b.clock;
        this.observer = b.observer;
        this.tls = b.tls;
        this.dates = new DateText(clock.getZone());
        this.ids = new MessageIds(clock.millis());
    }

    /**
     * @param config      the current snapshot; asked at each connection and each MAIL
     * @param spoolFolder for content above the inline limit; created when missing, and ours alone: left-over files of
     *                    a former run are deleted
     */
    public static Builder builder(Supplier<CaravanConfig> config, Path spoolFolder) {
        return new Builder(config, spoolFolder);
    }

    /**
     * Begins the shutdown: new clients and idle ones hear 421 4.3.2; a message on its way may be finished.
     *
     * @return completed when the last connection is gone
     */
    public CompletableFuture<Void> drain() {
        return connections.drain();
    }

    /** Closes every connection at once; clients whose message is being submitted hear 451. */
    public void close() {
        connections.closeAll();
    }

    /** Open connections, refused ones not counted. */
    public int openConnections() {
        return connections.size();
    }

    CaravanConfig config() {
        return config.get();
    }

    Reply refusal() {
        return acceptance.get();
    }

    SpoolFolder spool() {
        return spool;
    }

    int inlineLimitBytes() {
        return inlineLimitBytes;
    }

    Clock clock() {
        return clock;
    }

    SmtpServerObserver observer() {
        return observer;
    }

    DateText dates() {
        return dates;
    }

    MessageIds ids() {
        return ids;
    }

    InboundTls tls() {
        return tls;
    }

    Connections connections() {
        return connections;
    }

    /** Optional parts of a context. */
    public static final class Builder {

        private final Supplier<CaravanConfig> config;
        private final Path spoolFolder;
        private Supplier<Reply> acceptance = () -> null;
        private int inlineLimitBytes = DEFAULT_INLINE_LIMIT_BYTES;
        private Clock clock = Clock.systemDefaultZone();
        private SmtpServerObserver observer = SmtpServerObserver.NONE;
        private InboundTls tls = new InboundTls(() -> TlsProvider.JDK);

        private Builder(Supplier<CaravanConfig> config, Path spoolFolder) {
            this.config = Objects.requireNonNull(config);
            this.spoolFolder = Objects.requireNonNull(spoolFolder);
        }

        /** Asked at each MAIL: null when mail is taken, else what to answer (452 4.3.1). Must be cheap. */
        public Builder acceptance(Supplier<Reply> value) {
            acceptance = value;
            return this;
        }

        public Builder inlineLimitBytes(int value) {
            inlineLimitBytes = value;
            return this;
        }

        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        public Builder observer(SmtpServerObserver value) {
            observer = value;
            return this;
        }

        /** What TLS is spoken with; without it there is none. */
        public Builder tls(InboundTls value) {
            tls = value;
            return this;
        }

        /** @throws IOException when the spool folder cannot be made ready */
        public SmtpServerContext build() throws IOException {
            return new SmtpServerContext(this);
        }
    }
}
