package org.caravanmta.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dnscheck.DnsCheck;
import org.caravanmta.dnscheck.DnsReport;
import org.caravanmta.dnscheck.DnsReport.Check;
import org.caravanmta.dnscheck.DnsReport.Source;
import org.caravanmta.dnscheck.Finding;
import org.caravanmta.dnscheck.Finding.Result;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the DNS records of all VirtualMTAs again and again, and tells what is new: an alarm for each new fault, a line
 * for each that is mended. What DNS cannot say just now changes nothing. Any thread.
 */
final class DnsWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.dnscheck");
    /** Of one run; the rest is a number. */
    private static final int MOST_LINES = 100;

    /** What is wrong, as far as is known. */
    record State(Instant checkedAt, Collection<String> faults) {
    }

    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("check-dns").factory());
    private final Supplier<CaravanConfig> config;
    private final RecordLookup dns;
    private Future<?> running;
    private Duration interval = Duration.ZERO;
    /** By VirtualMTA, address and check. Belongs to the thread. */
    private Map<String, String> faults = new TreeMap<>();
    private volatile State state;

    DnsWatch(Supplier<CaravanConfig> config, RecordLookup dns) {
        this.config = config;
        this.dns = dns;
    }

    /** Zero: never. The first run is at once. */
    synchronized void every(Duration now) {
        if (now.equals(interval))
            return;
        interval = now;
        if (running != null)
            running.cancel(false);
        running = null;
        if (now.isZero())
            state = null;
        else
            running = thread.scheduleWithFixedDelay(this::check, 0, now.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Null while nothing was checked. */
    State state() {
        return state;
    }

    private void check() {
        try {
            CaravanConfig now = config.get();
            tell(new DnsCheck(now, List.of(), dns).run(now.virtualMtas().values(), _ -> {
            }));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the check of DNS records failed", e);
        }
    }

    private void tell(DnsReport report) {
        Map<String, String> found = new TreeMap<>();
        List<String> news = new ArrayList<>();
        List<String> mended = new ArrayList<>();
        for (Source s : report.sources())
            for (Map.Entry<Check, Finding> e : s.findings().entrySet()) {
                String key = s.virtualMta() + " " + s.ip().getHostAddress() + " " + e.getKey();
                String before = faults.get(key);
                Finding f = e.getValue();
                if (f.result() == Result.FAULT)
                    found.put(key, f.text());
                else if (f.result() == Result.UNKNOWN && before != null)
                    found.put(key, before);
                if (f.result() == Result.FAULT && !f.text().equals(before))
                    news.add(key + ": " + f.text());
                else if (before != null && !found.containsKey(key))
                    mended.add(key + ": no longer: " + before);
            }
        news.stream().limit(MOST_LINES)
                .forEach(n -> LOG.error("ALARM: DNS of {}; caravan check-dns says what to publish", n));
        mended.stream().limit(MOST_LINES).forEach(m -> LOG.info("DNS of {}", m));
        if (news.size() > MOST_LINES || mended.size() > MOST_LINES)
            LOG.error("ALARM: {} new faults in DNS, {} mended; caravan check-dns shows all", news.size(),
                    mended.size());
        faults = found;
        state = new State(Instant.now(), found.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
