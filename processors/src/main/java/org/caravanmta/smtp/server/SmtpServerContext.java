package org.caravanmta.smtp.server;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.tls.TlsProvider;

/**
 * What all connections of the gateway share: configuration, limits' counters, intake, shutdown. Immutable apart
 * from the connection registry; any thread.
 */
public final class SmtpServerContext {

    private final Supplier<CaravanConfig> config;
    private final Intake intake;
    private final SmtpServerObserver observer;
    private final InboundTls tls;
    private final Connections connections = new Connections();

    private SmtpServerContext(Builder b) {
        this.config = b.config;
        this.intake = b.intake;
        this.observer = b.observer;
        this.tls = b.tls;
    }

    /** @param config the current snapshot; asked at each connection and each MAIL */
    public static Builder builder(Supplier<CaravanConfig> config, Intake intake) {
        return new Builder(config, intake);
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

    Intake intake() {
        return intake;
    }

    SmtpServerObserver observer() {
        return observer;
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
        private final Intake intake;
        private SmtpServerObserver observer = SmtpServerObserver.NONE;
        private InboundTls tls = new InboundTls(() -> TlsProvider.JDK);

        private Builder(Supplier<CaravanConfig> config, Intake intake) {
            this.config = Objects.requireNonNull(config);
            this.intake = Objects.requireNonNull(intake);
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

        public SmtpServerContext build() {
            return new SmtpServerContext(this);
        }
    }
}
