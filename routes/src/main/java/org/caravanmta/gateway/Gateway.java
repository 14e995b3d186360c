package org.caravanmta.gateway;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

import org.apache.camel.CamelContext;
import org.caravanmta.accounting.AccountingExports;
import org.caravanmta.accounting.WantedRecords;
import org.caravanmta.artemis.ArtemisMessageStore;
import org.caravanmta.artemis.BrokerOptions;
import org.caravanmta.bounce.category.BounceClassifier;
import org.caravanmta.bounce.category.RuleBase;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.DnsSettings;
import org.caravanmta.config.SmtpListener;
import org.caravanmta.config.bounce.BounceRules;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.delivery.DeliveryCounters;
import org.caravanmta.delivery.DeliveryEngine;
import org.caravanmta.dkim.CryptoProvider;
import org.caravanmta.dkim.DkimSigner;
import org.caravanmta.dkim.PartSigner;
import org.caravanmta.dns.DnsMxResolver;
import org.caravanmta.dns.PrecachedDomains;
import org.caravanmta.dsn.Reports;
import org.caravanmta.operate.Operator;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.routes.AccountOutcomes;
import org.caravanmta.routes.ClassifyFailures;
import org.caravanmta.routes.DeliveryRoutes;
import org.caravanmta.routes.Enqueue;
import org.caravanmta.routes.ReportOutcomes;
import org.caravanmta.routes.SelectVirtualMta;
import org.caravanmta.routes.SignDkim;
import org.caravanmta.routes.SplitByDestination;
import org.caravanmta.routes.SubmissionCounters;
import org.caravanmta.routes.SubmissionRoutes;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.smtp.server.InboundTls;
import org.caravanmta.smtp.server.SmtpServerContext;
import org.caravanmta.throttle.LimitLedger;
import org.caravanmta.tls.TlsClient;
import org.caravanmta.tls.TlsProvider;
import org.caravanmta.tls.policy.PeerPolicies;
import org.caravanmta.vmta.VirtualMtaSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoopGroup;

/**
 * A whole gateway. Starts from the queues outwards (broker, accounting, delivery, submission) and stops the other way
 * round, so that nothing is accepted that could not be kept, and nothing is sent that could not be recorded.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration DRAIN_IN = Duration.ofSeconds(10);
    private static final Duration DRAIN_OUT = Duration.ofSeconds(10);
    /** Tests have no port 443. */
    private static final String MTA_STS_PORT = "caravan.test.mta-sts-port";

    private volatile CaravanConfig config;
    private final Path home;
    private final Consumer<String> onFailure;
    private final SubmissionCounters submission = new SubmissionCounters();
    private AccountingExports exports;
    private volatile WantedRecords wanted;
    private FinishedFileTransport transport;
    private ArtemisMessageStore store;
    private DnsMxResolver resolver;
    private PrecachedDomains precached;
    private DnsWatch dnsWatch;
    private EventLoopGroup inbound;
    private EventLoopGroup outbound;
    private LimitLedger ledger;
    private PeerPolicies policies;
    private DeliveryEngine delivery;
    private ExecutorService signing;
    private final InboundTls tls = new InboundTls(TlsProvider::fastest);
    private final CertificateWatch certificate = new CertificateWatch(tls, Clock.systemUTC());
    private SmtpServerContext smtp;
    private CamelContext camel;
    private SmtpListeners listeners;
    private Operator operator;

    /** @param home everything the gateway writes is below this folder */
    public Gateway(CaravanConfig config, Path home) {
        this(config, home, reason -> {
        });
    }

    /**
     * @param onFailure told once, with the reason, that the gateway cannot go on and has to be started anew; nothing
     *                  that was accepted is lost by that
     */
    public Gateway(CaravanConfig config, Path home, Consumer<String> onFailure) {
        this.config = config;
        this.wanted = WantedRecords.of(config.acctFiles());
        this.home = home;
        this.onFailure = onFailure;
    }

    /** Returns when mail can be handed in. */
    public void start() throws Exception {
        List<String> objections = PublishedKeys.objections(config);
        if (!objections.isEmpty())
            throw new UnpublishedKeysException(objections);
        Files.createDirectories(home);
        CompletableFuture<RuleBase> rules = CompletableFuture.supplyAsync(() -> new RuleBase(BounceRules.shipped()));
        store = ArtemisMessageStore.open(home, config.broker(), BrokerOptions.defaults().withOnFailure(onFailure));
        startAccounting();
        int threads = Runtime.getRuntime().availableProcessors();
        inbound = EventLoops.start("smtp-in", threads);
        outbound = EventLoops.start("smtp-out", threads);
        signing = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("dkim-", 1).factory());
        resolver = new DnsMxResolver(config.nameServers(), config.dns().ednsUdpLength(), new SplittableRandom());
        precached = new PrecachedDomains(resolver);
        precache(config.dns());
        ledger = LimitLedger.open(home.resolve("limits/used"), System::currentTimeMillis, System::nanoTime);
        policies = PeerPolicies.open(() -> config.nameServers(), config.policyTrust(), resolver, outbound,
                home.resolve("mta-sts/policies"), Integer.getInteger(MTA_STS_PORT, 0));
        delivery = new DeliveryEngine(store, () -> config, resolver,
                new SmtpConnector(new TlsClient(TlsProvider.fastest())),
                outbound,
                System::currentTimeMillis, new SplittableRandom(), ledger, policies);
        LOG.info("TLS is computed by {}", TlsProvider.fastest());
        useTls(tls.prepare(config.serverTls()));
        certificate.start();
        smtp = SmtpServerContext.builder(() -> config, home.resolve("incoming")).acceptance(this::refusal).tls(tls)
                .build();
        if (!config.signingKeys().none())
            LOG.info("DKIM signatures are computed by {}", CryptoProvider.fastest());
        BounceClassifier classifier = new BounceClassifier(rules.get(), () -> config.bounceCategoryPatterns());
        operator = new Operator(store, delivery, () -> config, home);
        SignDkim signDkim = new SignDkim(new PartSigner(new DkimSigner(CryptoProvider::fastest)), () -> config,
                signing);
        delivery.signLate(signDkim::again, signing);
        VirtualMtaSelector selector = new VirtualMtaSelector(() -> config, delivery);
        camel = CamelRuntime.create(delivery, inbound,
                new DeliveryRoutes(delivery, new ClassifyFailures(classifier),
                        new AccountOutcomes(System::currentTimeMillis, () -> wanted),
                        new ReportOutcomes(new Reports(() -> config, selector::next, System::currentTimeMillis,
                                new SecureRandom()))),
                new SubmissionRoutes(new SelectVirtualMta(selector),
                        new SplitByDestination(() -> config),
                        signDkim, new Enqueue(store, delivery, submission, () -> wanted)));
        listeners = new SmtpListeners(camel, smtp, () -> config);
        camel.start();
        transport = new FinishedFileTransport(camel, home);
        List<String> unusable = transport.refusals(config.acctFiles());
        if (!unusable.isEmpty())
            throw new IllegalStateException(String.join("\n", unusable));
        transport.take(config.acctFiles());
        operator.start();
        for (SmtpListener listener : config.smtpListeners())
            listeners.open(listener);
        dnsWatch = new DnsWatch(() -> config, resolver.records());
        dnsWatch.every(config.dns().checkInterval());
    }

    /**
     * Takes another configuration over, all of it or nothing. Nothing stops meanwhile: an attempt ends with the settings
     * that it began with, and what was used of a limit still counts.
     *
     * @throws ReloadRefusedException what it changes needs a restart, or an address cannot be listened on
     */
    public synchronized void reload(CaravanConfig next) throws ReloadRefusedException {
        List<String> fixed = FixedSettings.changed(config, next);
        fixed.addAll(exports.refusals(next.acctFiles()));
        fixed.addAll(transport.refusals(next.acctFiles()));
        if (!fixed.isEmpty())
            throw new ReloadRefusedException(fixed);
        InboundTls.Ready nextTls = prepareTls(next);
        List<String> objections = PublishedKeys.objections(next);
        if (!objections.isEmpty())
            throw new ReloadRefusedException(objections);
        List<InetSocketAddress> before = config.smtpListeners().stream().map(SmtpListener::address).toList();
        List<InetSocketAddress> after = next.smtpListeners().stream().map(SmtpListener::address).toList();
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
        CaravanConfig now = config;
        delivery.reload(next, () -> {
            config = next;
            useTls(nextTls);
        });
        if (!now.nameServers().equals(next.nameServers())
                || now.dns().ednsUdpLength() != next.dns().ednsUdpLength())
            resolver.use(next.nameServers(), next.dns().ednsUdpLength());
        if (!now.dns().equals(next.dns()))
            precache(next.dns());
        dnsWatch.every(next.dns().checkInterval());
        wanted = WantedRecords.of(next.acctFiles());
        exports.reload(next.acctFiles());
        transport.take(next.acctFiles());
        before.stream().filter(a -> !after.contains(a)).forEach(listeners::close);
    }

    private InboundTls.Ready prepareTls(CaravanConfig next) throws ReloadRefusedException {
        try {
            return tls.prepare(next.serverTls());
        } catch (SSLException e) {
            throw new ReloadRefusedException(List.of("TLS cannot be spoken with " + next.serverTls().files() + ": "
                    + e.getMessage() + "; nothing was taken over: mend smtp-server-tls-…, and reload"));
        }
    }

    private void useTls(InboundTls.Ready next) {
        ServerTls before = tls.settings();
        tls.use(next);
        if (tls.settings() != null && !tls.settings().equals(before))
            LOG.info("TLS in is spoken with {}", tls.settings());
    }

    private void precache(DnsSettings dns) {
        precached.use(dns.precachedFile(), dns.precacheInterval(), dns.precacheMax());
    }

    private void startAccounting() throws RecordsWaitException, InterruptedException {
        exports = new AccountingExports(store.events(), home, ZoneId.systemDefault());
        String waits = exports.forgetAllBut(config.acctFiles());
        if (waits != null)
            throw new RecordsWaitException(waits);
        exports.start(config.acctFiles(), config.broker().minFreeSpaceBytes());
    }

    /** The exports of accounting records. */
    public AccountingExports exports() {
        return exports;
    }

    /** Asked at each MAIL: what to say instead of taking mail; null when all is well. */
    private Reply refusal() {
        String reason = store.refusal();
        return reason == null ? null : Reply.of(452, "4.3.1", "Insufficient system storage, try again later");
    }

    /** Where SMTP is taken; real ports. */
    public List<InetSocketAddress> listeners() {
        return listeners == null ? List.of() : listeners.addresses();
    }

    /** Null before the start. */
    public Operator operator() {
        return operator;
    }

    public CaravanConfig config() {
        return config;
    }

    /** Clients connected just now. */
    public int connectionsIn() {
        return smtp.openConnections();
    }

    public SubmissionCounters submission() {
        return submission;
    }

    /** Those that are asked, and whether they answer. */
    public String nameServers() {
        return resolver.nameServers();
    }

    /** Whether none of them answers, so that mail that needs one waits. */
    public boolean nameServersDown() {
        return resolver.blind();
    }

    /** When the DNS records of the VirtualMTAs were checked last; null while they were not. */
    public Instant dnsCheckedAt() {
        DnsWatch.State state = dnsWatch == null ? null : dnsWatch.state();
        return state == null ? null : state.checkedAt();
    }

    /** What that check found wrong, each as {@code VMTA IP CHECK: sentence}. */
    public List<String> dnsFaults() {
        DnsWatch.State state = dnsWatch == null ? null : dnsWatch.state();
        return state == null ? List.of() : List.copyOf(state.faults());
    }

    public DeliveryEngine delivery() {
        return delivery;
    }

    public ArtemisMessageStore store() {
        return store;
    }

    /** Counts of a gateway that started with empty queues; reads every queue. Exact only while nothing moves. */
    public Conservation conservation() {
        DeliveryCounters c = delivery.counters();
        store.flush();
        return new Conservation(submission.recipients(), c.reported.sum(), c.delivered.sum(), c.bounced.sum(),
                c.expired.sum(), c.deleted.sum(), Conservation.queued(store),
                Conservation.recipients(store, QueueNames.PARKED));
    }

    /** Waits until every accounting file holds {@code records} records of this run, at most half a minute. */
    public void awaitAccounting(long records) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!exports.written(records) && System.nanoTime() < deadline)
            Thread.sleep(20);
    }

    /** Finishes what is in DATA and what is being sent, commits, and stops; within half a minute. */
    @Override
    public void close() {
        step("inbound connections", this::drainInbound);
        step("orders", () -> {
            if (operator != null)
                operator.stop();
        });
        step("deliveries", () -> {
            if (delivery != null)
                delivery.stop(DRAIN_OUT);
        });
        step("transport of accounting files", () -> {
            if (transport != null)
                transport.close();
        });
        step("routes", () -> {
            if (camel != null)
                camel.stop();
        });
        step("limits", () -> {
            if (ledger != null)
                ledger.close();
        });
        step("policies", () -> {
            if (policies != null)
                policies.close();
        });
        step("accounting", () -> {
            if (exports != null)
                exports.close();
        });
        step("broker", () -> {
            if (store != null)
                store.close();
        });
        step("signing", () -> {
            if (signing != null)
                signing.shutdown();
        });
        step("resolver", () -> {
            if (dnsWatch != null)
                dnsWatch.close();
            if (precached != null)
                precached.close();
            if (resolver != null)
                resolver.close();
        });
        step("event loops", () -> {
            if (inbound != null)
                EventLoops.stop(inbound);
            if (outbound != null)
                EventLoops.stop(outbound);
        });
    }

    private void drainInbound() throws Exception {
        if (smtp == null)
            return;
        certificate.close();
        if (listeners != null)
            listeners.closeAll();
        try {
            smtp.drain().get(DRAIN_IN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} clients did not finish within {} s", smtp.openConnections(), DRAIN_IN.toSeconds());
        }
        smtp.close();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** One that fails must not keep the others from stopping. */
    private static void step(String what, Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("while stopping {}", what, e);
        }
    }
}
