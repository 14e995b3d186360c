package org.caravanmta.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.apache.camel.CamelContext;
import org.caravanmta.accounting.AccountingExports;
import org.caravanmta.artemis.ArtemisMessageStore;
import org.caravanmta.artemis.BrokerOptions;
import org.caravanmta.bounce.category.BounceClassifier;
import org.caravanmta.bounce.category.RuleBase;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.PickupDirectory;
import org.caravanmta.config.bounce.BounceRules;
import org.caravanmta.delivery.DeliveryCounters;
import org.caravanmta.delivery.DeliveryEngine;
import org.caravanmta.dkim.CryptoProvider;
import org.caravanmta.dkim.DkimSigner;
import org.caravanmta.dkim.PartSigner;
import org.caravanmta.dsn.Reports;
import org.caravanmta.operate.Operator;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.routes.AccountOutcomes;
import org.caravanmta.routes.ClassifyFailures;
import org.caravanmta.routes.DeliveryRoutes;
import org.caravanmta.routes.Enqueue;
import org.caravanmta.routes.LetterRoute;
import org.caravanmta.routes.PickupRoute;
import org.caravanmta.routes.ReportOutcomes;
import org.caravanmta.routes.SelectVirtualMta;
import org.caravanmta.routes.SignDkim;
import org.caravanmta.routes.SplitByDestination;
import org.caravanmta.routes.SubmissionCounters;
import org.caravanmta.routes.SubmissionRoutes;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.Refusals;
import org.caravanmta.submission.pickup.Pickup;
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
    private static final Duration DRAIN_OUT = Duration.ofSeconds(10);
    /** Tests have no port 443. */
    private static final String MTA_STS_PORT = "caravan.test.mta-sts-port";

    private volatile CaravanConfig config;
    private final Path home;
    private final Consumer<String> onFailure;
    private final SubmissionCounters submission = new SubmissionCounters();
    private final Shutdown shutdown = new Shutdown();
    private ArtemisMessageStore store;
    private Accounting accounting;
    private NameService names;
    private DeliveryEngine delivery;
    private SmtpIn smtp;
    private PickupDirectories pickups;
    private BrokerClients clients;
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
        shutdown.add("broker", store::close);
        accounting = new Accounting(store, home, config);
        shutdown.add("accounting", accounting::close);
        int threads = Runtime.getRuntime().availableProcessors();
        EventLoopGroup inbound = eventLoops("smtp-in", threads);
        EventLoopGroup outbound = eventLoops("smtp-out", threads);
        names = new NameService(() -> config);
        shutdown.add("name service", names::close);
        ExecutorService signing = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().daemon().name("dkim-", 1).factory());
        shutdown.add("signing", signing::shutdown);
        startDelivery(outbound);
        SignDkim signDkim = new SignDkim(new PartSigner(new DkimSigner(CryptoProvider::fastest)), () -> config,
                signing);
        delivery.signLate(signDkim::again, signing);
        VirtualMtaSelector selector = new VirtualMtaSelector(() -> config, delivery);
        CamelContext camel = CamelRuntime.create(delivery, inbound,
                new DeliveryRoutes(delivery,
                        new ClassifyFailures(
                                new BounceClassifier(rules.get(), () -> config.bounceCategoryPatterns())),
                        new AccountOutcomes(System::currentTimeMillis, accounting::wanted),
                        new ReportOutcomes(new Reports(() -> config, selector::next, System::currentTimeMillis,
                                new SecureRandom()))),
                new SubmissionRoutes(new SelectVirtualMta(selector),
                        new SplitByDestination(() -> config), signDkim,
                        new Enqueue(store, delivery, submission, accounting::wanted)),
                new PickupRoute(), new LetterRoute());
        shutdown.add("routes", camel::stop);
        shutdown.add("transport of accounting files", accounting::stopSending);
        shutdown.add("deliveries", () -> delivery.stop(DRAIN_OUT));
        Intake intake = Intake.open(home.resolve("incoming"), Intake.DEFAULT_INLINE_LIMIT_BYTES, this::refusal,
                Clock.systemDefaultZone());
        camel.start();
        accounting.send(camel, config.acctFiles());
        operator = new Operator(store, delivery, () -> config, home);
        shutdown.add("orders", operator::stop);
        operator.start();
        tellProviders();
        smtp = new SmtpIn(camel, intake, () -> config);
        shutdown.add("inbound connections", smtp::close);
        pickups = new PickupDirectories(camel, intake, home, () -> config);
        shutdown.add("pickup", pickups::close);
        pickups.begin(pickups.prepare(config.pickups()));
        clients = new BrokerClients(camel, intake, store, () -> config);
        shutdown.add("clients of the broker", clients::close);
        smtp.listen();
        names.watch(config.dns());
    }

    private void startDelivery(EventLoopGroup outbound) throws IOException {
        LimitLedger ledger = LimitLedger.open(home.resolve("limits/used"), System::currentTimeMillis, System::nanoTime);
        shutdown.add("limits", ledger::close);
        PeerPolicies policies = PeerPolicies.open(() -> config.nameServers(), config.policyTrust(), names.resolver(),
                outbound, home.resolve("mta-sts/policies"), Integer.getInteger(MTA_STS_PORT, 0));
        shutdown.add("policies", policies::close);
        delivery = new DeliveryEngine(store, () -> config, names.resolver(),
                new SmtpConnector(new TlsClient(TlsProvider.fastest())), outbound, System::currentTimeMillis,
                new SplittableRandom(), ledger, policies);
    }

    private EventLoopGroup eventLoops(String role, int threads) {
        EventLoopGroup loops = EventLoops.start(role, threads);
        shutdown.add(role, () -> EventLoops.stop(loops));
        return loops;
    }

    private void tellProviders() {
        LOG.info("TLS is computed by {}", TlsProvider.fastest());
        if (!config.signingKeys().none())
            LOG.info("DKIM signatures are computed by {}", CryptoProvider.fastest());
    }

    /**
     * Takes another configuration over, all of it or nothing. Nothing stops meanwhile: an attempt ends with the settings
     * that it began with, and what was used of a limit still counts.
     *
     * @throws ReloadRefusedException what it changes needs a restart, or an address cannot be listened on
     */
    public synchronized void reload(CaravanConfig next) throws ReloadRefusedException {
        CaravanConfig before = config;
        List<String> fixed = FixedSettings.changed(before, next);
        fixed.addAll(accounting.refusals(next.acctFiles()));
        if (!fixed.isEmpty())
            throw new ReloadRefusedException(fixed);
        List<String> objections = PublishedKeys.objections(next);
        if (!objections.isEmpty())
            throw new ReloadRefusedException(objections);
        SmtpIn.Change change = smtp.prepare(next);
        Map<PickupDirectory, Pickup> newPickups;
        try {
            newPickups = pickups.prepare(next.pickups());
        } catch (IOException e) {
            smtp.giveUp(change);
            throw new ReloadRefusedException(List.of(e.getMessage()));
        }
        pickups.endAllBut(next.pickups());
        delivery.reload(next, () -> {
            config = next;
            smtp.takeOver(change);
        });
        names.reload(before, next);
        accounting.reload(next.acctFiles());
        pickups.begin(newPickups);
        clients.usersChanged();
        smtp.closeGone(change);
    }

    /** The exports of accounting records. */
    public AccountingExports exports() {
        return accounting.exports();
    }

    /** Asked for each message: what to say instead of taking mail; null when all is well. */
    private Reply refusal() {
        String reason = store.refusal();
        return reason == null ? null : Refusals.NO_STORAGE;
    }

    /** Where SMTP is taken; real ports. */
    public List<InetSocketAddress> listeners() {
        return smtp == null ? List.of() : smtp.addresses();
    }

    public BrokerClients brokerClients() {
        return clients;
    }

    /** What was taken out of folders. */
    public List<PickupDirectories.Taken> pickups() {
        return pickups.taken();
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
        return smtp.connections();
    }

    public SubmissionCounters submission() {
        return submission;
    }

    public NameService names() {
        return names;
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

    /**
     * Waits until every export has what it wants of the outcomes so far.
     *
     * @throws TimeoutException half a minute was not enough
     */
    public void awaitAccounting() throws InterruptedException, TimeoutException {
        store.flush();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!exports().caughtUp()) {
            if (System.nanoTime() > deadline)
                throw new TimeoutException("accounting is behind: " + exports().status());
            Thread.sleep(20);
        }
    }

    /** Finishes what is in DATA and what is being sent, commits, and stops; within half a minute. */
    @Override
    public void close() {
        shutdown.run();
    }
}
