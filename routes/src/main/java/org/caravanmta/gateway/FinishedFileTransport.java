package org.caravanmta.gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.caravanmta.accounting.FinishedFiles;
import org.caravanmta.config.accounting.AcctFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends finished accounting files to Camel endpoints, each at least once: a file that was sent is moved to the folder
 * {@code sent}, and one that was not is tried again, also after a restart. One thread for each endpoint.
 */
final class FinishedFileTransport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FinishedFileTransport.class);
    private static final long LOOK_MS = 1000;
    private static final long LONGEST_WAIT_MS = 60_000;

    private final CamelContext camel;
    private final Path home;
    private final Map<AcctFile, Sender> senders = new LinkedHashMap<>();

    FinishedFileTransport(CamelContext camel, Path home) {
        this.camel = camel;
        this.home = home;
    }

    /** What is wrong with the endpoints of these files; empty when all can be used. */
    List<String> refusals(List<AcctFile> files) {
        List<String> refusals = new ArrayList<>();
        for (AcctFile f : files)
            if (f.rotation().transportTo() != null)
                try {
                    camel.getEndpoint(f.rotation().transportTo());
                } catch (RuntimeException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    refusals.add("transport-to of acct-file " + f.path() + " is no endpoint that can be used here: "
                            + cause.getMessage() + "; nothing was taken over: mend the URI, or add the jars of its "
                            + "component to lib/");
                }
        return refusals;
    }

    /** From now on these are sent, and no others. */
    synchronized void take(List<AcctFile> files) {
        List<AcctFile> wanted = files.stream().filter(f -> f.rotation().transportTo() != null).toList();
        List.copyOf(senders.keySet()).stream().filter(f -> !wanted.contains(f)).forEach(f -> senders.remove(f).stop());
        wanted.forEach(f -> senders.computeIfAbsent(f, Sender::new));
    }

    @Override
    public synchronized void close() {
        senders.values().forEach(Sender::stop);
        senders.clear();
    }

    private final class Sender {

        private final String uri;
        private final FinishedFiles files;
        private final ProducerTemplate producer;
        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread;
        private int failures;

        Sender(AcctFile file) {
            uri = file.rotation().transportTo();
            files = new FinishedFiles(home.resolve(file.path()), file.rotation(), ZoneId.systemDefault());
            producer = camel.createProducerTemplate();
            thread = Thread.ofPlatform().daemon().name("caravan-acct-transport").start(this::run);
        }

        private void run() {
            try {
                while (!stopping.await(failures == 0 ? LOOK_MS
                        : Math.min(LONGEST_WAIT_MS, LOOK_MS << Math.min(failures, 10)), TimeUnit.MILLISECONDS))
                    sendAll();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void sendAll() {
            try {
                for (Path f : files.finished()) {
                    if (stopping.getCount() == 0)
                        return;
                    producer.sendBodyAndHeader(uri, f.toFile(), Exchange.FILE_NAME, f.getFileName().toString());
                    if (Files.exists(f))
                        files.sent(f);
                    if (failures > 0)
                        LOG.warn("finished files are sent to {} again", place());
                    failures = 0;
                }
            } catch (Exception e) {
                if (failures++ == 0)
                    LOG.error("ALARM: finished files cannot be sent to {}: {}; they wait in {}", place(), reason(e),
                            files.place());
            }
        }

        /** Without what may be a password. */
        private String place() {
            return org.apache.camel.util.URISupport.sanitizeUri(uri);
        }

        private static String reason(Exception e) {
            return (e.getCause() == null ? e : e.getCause()).toString();
        }

        private void stop() {
            stopping.countDown();
            try {
                thread.join(2_000);
                thread.interrupt();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            producer.stop();
        }
    }
}
