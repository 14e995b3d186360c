package org.caravanmta.gateway;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.DnsSettings;
import org.caravanmta.dns.DnsMxResolver;
import org.caravanmta.dns.PrecachedDomains;

/** All that the gateway asks DNS: where mail goes, ahead of need too, and whether our own records are right. */
public final class NameService implements AutoCloseable {

    private final DnsMxResolver resolver;
    private final PrecachedDomains precached;
    private final DnsWatch watch;

    NameService(Supplier<CaravanConfig> config) {
        CaravanConfig now = config.get();
        resolver = new DnsMxResolver(now.nameServers(), now.dns().ednsUdpLength(), new SplittableRandom());
        precached = new PrecachedDomains(resolver);
        precache(now.dns());
        watch = new DnsWatch(config, resolver.records());
    }

    /** Checks our own records from now on. */
    void watch(DnsSettings dns) {
        watch.every(dns.checkInterval());
    }

    void reload(CaravanConfig before, CaravanConfig now) {
        if (!before.nameServers().equals(now.nameServers())
                || before.dns().ednsUdpLength() != now.dns().ednsUdpLength())
            resolver.use(now.nameServers(), now.dns().ednsUdpLength());
        if (!before.dns().equals(now.dns()))
            precache(now.dns());
        watch(now.dns());
    }

    private void precache(DnsSettings dns) {
        precached.use(dns.precachedFile(), dns.precacheInterval(), dns.precacheMax());
    }

    DnsMxResolver resolver() {
        return resolver;
    }

    /** Those that are asked, and whether they answer. */
    public String servers() {
        return resolver.nameServers();
    }

    /** Whether none of them answers, so that mail that needs one waits. */
    public boolean down() {
        return resolver.blind();
    }

    /** When our own records were checked last; null while they were not. */
    public Instant checkedAt() {
        DnsWatch.State state = watch.state();
        return state == null ? null : state.checkedAt();
    }

    /** What that check found wrong, each as {@code VMTA IP CHECK: sentence}. */
    public List<String> faults() {
        DnsWatch.State state = watch.state();
        return state == null ? List.of() : List.copyOf(state.faults());
    }

    @Override
    public void close() {
        watch.close();
        precached.close();
        resolver.close();
    }
}
