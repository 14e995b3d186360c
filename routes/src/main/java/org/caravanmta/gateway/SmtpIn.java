package org.caravanmta.gateway;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import javax.net.ssl.SSLException;

import org.apache.camel.CamelContext;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.SmtpListener;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.smtp.server.InboundTls;
import org.caravanmta.smtp.server.SmtpServerContext;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.tls.TlsProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in by SMTP: its TLS, its sessions, its listeners. */
final class SmtpIn {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpIn.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Supplier<CaravanConfig> config;
    private final InboundTls tls = new InboundTls(TlsProvider::fastest);
    private final CertificateWatch certificate = new CertificateWatch(tls, Clock.systemUTC());
    private final SmtpServerContext sessions;
    private final SmtpListeners listeners;

    SmtpIn(CamelContext camel, Intake intake, Supplier<CaravanConfig> config) throws SSLException {
        this.config = config;
        use(tls.prepare(config.get().serverTls()));
        certificate.start();
        sessions = SmtpServerContext.builder(config, intake).tls(tls).build();
        listeners = new SmtpListeners(camel, sessions, config);
    }

    /** Mail can be handed in from now on. */
    void listen() throws Exception {
        for (SmtpListener listener : config.get().smtpListeners())
            listeners.open(listener);
    }

    /** What a reload changes: {@link #takeOver} and then {@link #closeGone}, or {@link #giveUp}. */
    record Change(InboundTls.Ready tls, List<InetSocketAddress> opened, List<InetSocketAddress> gone) {
    }

    /** Opens what is new; when that cannot be, nothing has changed. */
    Change prepare(CaravanConfig next) throws ReloadRefusedException {
        InboundTls.Ready ready = prepareTls(next);
        List<InetSocketAddress> before = addresses(config.get());
        List<InetSocketAddress> after = addresses(next);
        List<InetSocketAddress> opened = new ArrayList<>();
        try {
            for (SmtpListener l : next.smtpListeners())
                if (!before.contains(l.address())) {
                    listeners.open(l);
                    opened.add(l.address());
                }
        } catch (Exception e) {
            opened.forEach(listeners::close);
            throw new ReloadRefusedException(List.of(e.getMessage()));
        }
        return new Change(ready, opened, before.stream().filter(a -> !after.contains(a)).toList());
    }

    private InboundTls.Ready prepareTls(CaravanConfig next) throws ReloadRefusedException {
        try {
            return tls.prepare(next.serverTls());
        } catch (SSLException e) {
            throw new ReloadRefusedException(List.of("TLS cannot be spoken with " + next.serverTls().files() + ": "
                    + e.getMessage() + "; nothing was taken over: mend smtp-server-tls-…, and reload"));
        }
    }

    private static List<InetSocketAddress> addresses(CaravanConfig config) {
        return config.smtpListeners().stream().map(SmtpListener::address).toList();
    }

    void takeOver(Change change) {
        use(change.tls());
    }

    void giveUp(Change change) {
        change.opened().forEach(listeners::close);
    }

    void closeGone(Change change) {
        change.gone().forEach(listeners::close);
    }

    private void use(InboundTls.Ready next) {
        ServerTls before = tls.settings();
        tls.use(next);
        if (tls.settings() != null && !tls.settings().equals(before))
            LOG.info("TLS in is spoken with {}", tls.settings());
    }

    /** Where SMTP is taken; real ports. */
    List<InetSocketAddress> addresses() {
        return listeners.addresses();
    }

    /** Clients connected just now. */
    int connections() {
        return sessions.openConnections();
    }

    /** Takes no more, and finishes what is in DATA. */
    void close() throws Exception {
        certificate.close();
        listeners.closeAll();
        try {
            sessions.drain().get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} clients did not finish within {} s", sessions.openConnections(), DRAIN.toSeconds());
        }
        sessions.close();
    }
}
