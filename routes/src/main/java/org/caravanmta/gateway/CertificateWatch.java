package org.caravanmta.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

import javax.net.ssl.SSLException;

import org.caravanmta.config.pem.UnusableFile;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.smtp.server.InboundTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the files of the certificate have changed, as a renewal does, and takes over what they hold; nothing else
 * of the configuration. Looks at the files' times only, and reads them once they have rested from one look to the next,
 * since certificate and key are not replaced in the same moment. What cannot be used changes nothing. One thread.
 */
final class CertificateWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofDays(14);

    /** How a file looks from outside; nothing of it is known when it cannot be seen. */
    private record Look(Path file, FileTime modified, long sizeBytes, Object key) {
    }

    private final InboundTls tls;
    private final Clock clock;
    private Thread thread;
    private ServerTls watched;
    private List<Look> seen = List.of();
    private List<Look> read = List.of();
    private LocalDate warned;

    CertificateWatch(InboundTls tls, Clock clock) {
        this.tls = tls;
        this.clock = clock;
    }

    void start() {
        thread = Thread.ofVirtual().name("certificate-watch").start(() -> {
            try {
                while (true) {
                    Thread.sleep(EVERY);
                    look();
                }
            } catch (InterruptedException _) {
                // that is all
            }
        });
    }

    /** One look; to be called in intervals. */
    void look() {
        ServerTls now = tls.settings();
        if (now == null)
            return;
        if (now != watched)
            read = List.of(); // it may have changed between the reading and this look
        watched = now;
        warnOfExpiry(now);
        List<Look> before = seen;
        seen = now.files().all().stream().map(CertificateWatch::lookAt).toList();
        if (seen.equals(before) && !seen.equals(read)) {
            read = seen;
            takeOver(now);
        }
    }

    private void takeOver(ServerTls now) {
        try {
            ServerTls next = now.readAgain();
            if (next.certificate().equals(now.certificate()))
                return;
            InboundTls.Ready ready = tls.prepare(next);
            if (tls.replace(now, ready)) {
                watched = next;
                LOG.info("the certificate has changed, clients get this one from now on: {}", next);
            }
        } catch (UnusableFile e) {
            LOG.error("ALARM: the changed certificate cannot be used, the one before it stays: {}", e.getMessage());
        } catch (SSLException e) {
            LOG.error("ALARM: the changed certificate cannot be used, the one before it stays: {}", e.toString());
        }
    }

    private void warnOfExpiry(ServerTls now) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (now.certificate().validFor(clock.instant()).compareTo(SOON) < 0 && !today.equals(warned)) {
            warned = today;
            LOG.warn("ALARM: the certificate {} has to be renewed: {}", now.files().certificate(), now.certificate());
        }
    }

    private static Look lookAt(Path file) {
        try {
            BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
            return new Look(file, a.lastModifiedTime(), a.size(), a.fileKey());
        } catch (IOException _) {
            return new Look(file, null, 0, null);
        }
    }

    @Override
    public void close() {
        if (thread != null)
            thread.interrupt();
    }
}
