package org.caravanmta.dnscheck;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dnscheck.DnsReport.Check;
import org.caravanmta.dnscheck.DnsReport.Source;

/** Checks VirtualMTAs against what is published. Many source addresses at a time, each in a virtual thread of its own. */
public final class DnsCheck {

    private static final int AT_A_TIME = 100;

    private final CaravanConfig config;
    private final List<String> from;
    private final AddressChecks addresses;
    private final DomainChecks domains;

    /** @param from return-path domains beside those of the configuration; in lower-case ASCII */
    public DnsCheck(CaravanConfig config, List<String> from, RecordLookup dns) {
        this.config = config;
        this.from = from;
        this.addresses = new AddressChecks(dns);
        this.domains = new DomainChecks(dns);
    }

    /** How many source addresses these VirtualMTAs have. */
    public static int sources(Collection<VirtualMta> virtualMtas) {
        return virtualMtas.stream().mapToInt(v -> v.sourceHosts().size()).sum();
    }

    /**
     * Blocks until all is checked.
     *
     * @param done told how many source addresses are checked so far; any thread
     * @throws InterruptedException whoever waits was interrupted; nothing goes on then
     */
    public DnsReport run(Collection<VirtualMta> virtualMtas, IntConsumer done) throws InterruptedException {
        Semaphore places = new Semaphore(AT_A_TIME);
        AtomicInteger count = new AtomicInteger();
        List<Future<Source>> running = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        try (ExecutorService threads = Executors
                .newThreadPerTaskExecutor(Thread.ofVirtual().name("check-dns-", 1).factory())) {
            for (VirtualMta v : virtualMtas) {
                Scope scope = Scope.of(config, v.name(), from);
                for (SourceHost host : v.sourceHosts()) {
                    places.acquire();
                    running.add(threads.submit(() -> {
                        try {
                            return check(v.name(), host, scope);
                        } finally {
                            places.release();
                            done.accept(count.incrementAndGet());
                        }
                    }));
                }
            }
            for (Future<Source> r : running)
                sources.add(r.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new DnsReport(sources, publish(sources));
    }

    private Source check(String virtualMta, SourceHost host, Scope scope) {
        Map<Check, Finding> f = new EnumMap<>(Check.class);
        f.put(Check.IP, addresses.present(host.address()));
        f.put(Check.PTR, addresses.ptr(host.address(), host.ehloName()));
        f.put(Check.EHLO, addresses.ehlo(host.address(), host.ehloName()));
        f.put(Check.SPF, domains.spf(host.address(), host.ehloName(), scope));
        f.put(Check.DKIM, domains.dkim(scope));
        f.put(Check.DMARC, domains.dmarc(host.address(), host.ehloName(), scope));
        return new Source(virtualMta, host.address(), host.ehloName(), f);
    }

    /** Records first, in the order of the checks; what is to be done on the machine last. */
    private List<String> publish(List<Source> sources) {
        List<String> mends = Stream.of(Check.values())
                .flatMap(c -> c == Check.SPF ? domains.proposals()
                        : sources.stream().flatMap(s -> s.findings().get(c).mend().stream()))
                .distinct().toList();
        return Stream
                .concat(mends.stream().filter(m -> !m.startsWith("#")), mends.stream().filter(m -> m.startsWith("#")))
                .toList();
    }
}
