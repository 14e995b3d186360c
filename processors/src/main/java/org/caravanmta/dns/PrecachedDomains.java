package org.caravanmta.dns;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks the domains of a file up again and again, so that their mail never waits for DNS. Any thread. */
public final class PrecachedDomains implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrecachedDomains.class);

    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("dns-precache").factory());
    private final DnsMxResolver resolver;
    private Future<?> running;

    public PrecachedDomains(DnsMxResolver resolver) {
        this.resolver = resolver;
    }

    /** @param file one domain a line, with {@code #} in front of remarks; null: no more of it */
    public synchronized void use(Path file, Duration interval, int most) {
        if (running != null)
            running.cancel(false);
        running = file == null ? null
                : thread.scheduleWithFixedDelay(() -> renew(file, most), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void renew(Path file, int most) {
        try {
            List<String> domains = domains(file);
            if (domains.size() > most)
                LOG.warn("{} has {} domains, the first {} are looked up: precached-domains-max-domains", file,
                        domains.size(), most);
            domains.stream().limit(most).forEach(resolver::renew);
        } catch (MalformedInputException _) {
            LOG.error("{} is not read: it is no UTF-8 text", file);
        } catch (IOException | RuntimeException e) {
            LOG.error("{} is not read: {}", file, e.toString());
        }
    }

    private static List<String> domains(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(l -> l.replaceFirst("#.*", "").strip()).filter(l -> !l.isEmpty()).distinct().toList();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
