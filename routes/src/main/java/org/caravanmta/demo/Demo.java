package org.caravanmta.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.gateway.Conservation;
import org.caravanmta.gateway.Gateway;

import io.netty.util.NetUtil;

/**
 * One thousand messages through three VirtualMTAs to a test MX of which some domains say 4xx once and some 5xx: the way
 * of a message, to be seen in half a minute.
 */
public final class Demo {

    private static final int SESSIONS = 10;
    private static final boolean TERMINAL = System.console() != null && System.console().isTerminal();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path home;
    private final int messages;
    private final PrintStream out;

    public Demo(Path home, int messages, PrintStream out) {
        this.home = home;
        this.messages = messages;
        this.out = out;
    }

    /** @return whether every accepted recipient is accounted for and nothing is left */
    public boolean run() throws Exception {
        Files.createDirectories(home);
        try (DemoMx mx = new DemoMx()) {
            Path config = home.resolve("demo.yaml");
            Files.writeString(config, DemoScript.config(mx.address()));
            try (Gateway gateway = new Gateway(ConfigReader.read(config).config(), home)) {
                gateway.start();
                out.println("gateway ready on " + NetUtil.toSocketAddressString(gateway.listeners().getFirst())
                        + ", test MX on " + NetUtil.toSocketAddressString(mx.address()));
                long begin = System.nanoTime();
                submitAll(gateway.listeners().getFirst());
                boolean done = awaitFinal(gateway, begin);
                double seconds = (System.nanoTime() - begin) / 1e9;
                Conservation end = gateway.conservation();
                gateway.awaitAccounting();
                Path csv = home.resolve("acct.csv");
                out.println();
                DemoReport.of(csv).print(out, mx, seconds);
                out.println();
                out.println(end);
                out.println("accounting: " + csv);
                return done && end.holds() && end.accepted() == messages;
            }
        }
    }

    private void submitAll(InetSocketAddress listener) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> sessions = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int s = 0; s < SESSIONS; s++)
                sessions.add(executor.submit(() -> {
                    submit(listener, next);
                    return null;
                }));
            for (Future<?> s : sessions)
                s.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("submission failed: " + e.getCause(), e.getCause());
        }
    }

    private void submit(InetSocketAddress listener, AtomicInteger next) throws IOException {
        try (SmtpSubmitter submitter = new SmtpSubmitter(listener)) {
            for (int i; (i = next.getAndIncrement()) < messages;) {
                String reply = submitter.submit("news@sender.example", List.of(DemoScript.recipient(i)),
                        DemoScript.message(i));
                if (!reply.startsWith("250"))
                    throw new IOException("message " + i + " was refused: " + reply);
            }
        }
    }

    /** Until nothing waits any more; a progress line meanwhile. */
    private boolean awaitFinal(Gateway gateway, long begin) throws InterruptedException {
        while (System.nanoTime() - begin < LIMIT.toNanos()) {
            var counters = gateway.delivery().counters();
            long last = counters.delivered.sum() + counters.bounced.sum() + counters.expired.sum()
                    + counters.parked.sum();
            out.printf("%5d accepted  %5d delivered  %4d deferred  %4d bounced%s", gateway.submission().recipients(),
                    counters.delivered.sum(), counters.deferred.sum(), counters.bounced.sum(), TERMINAL ? "\r" : "\n");
            out.flush();
            if (last >= messages)
                return true;
            Thread.sleep(TERMINAL ? 100 : 500);
        }
        return false;
    }
}
