package org.caravanmta.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.DnsSettings;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.Domains;
import org.caravanmta.config.Jobs;
import org.caravanmta.config.MxRollup;
import org.caravanmta.config.Rate;
import org.caravanmta.config.ReportSettings;
import org.caravanmta.config.Sources;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.config.trust.PolicyTrust;
import org.caravanmta.dns.MxHosts;
import org.caravanmta.dns.MxResolver;
import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.InMemoryStore;
import org.caravanmta.queue.MessageStore.Placement;
import org.caravanmta.queue.QueueNames;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.throttle.LimitLedger;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

/** An engine over an in-memory store, whose route is the plain chain of steps. */
final class DeliveryFixture implements AutoCloseable {

    private static final Duration S = Duration.ofSeconds(1);

    final InMemoryStore store = new InMemoryStore();
    final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    /** The queue that each attempt left. */
    final List<String> queues = new CopyOnWriteArrayList<>();
    final Map<String, DomainSettings> settings = new ConcurrentHashMap<>();
    final Map<String, VirtualMta> virtualMtas = new LinkedHashMap<>();
    Map<String, VirtualMtaPool> pools = new LinkedHashMap<>();
    Jobs jobs = Jobs.NONE;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    int totalMaxSmtpOut = 1200;
    List<CaravanConfig.IpLimit> toIp = List.of();
    private volatile CaravanConfig config;
    List<MxRollup> mxRollups = List.of();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    LimitLedger ledger = LimitLedger.none();
    private DeliveryEngine engine;

    /** @param sourceIp one, several separated by blanks, or null */
    void virtualMta(String name, String sourceIp) throws UnknownHostException {
        virtualMta(name, sourceIp, VirtualMta.Limits.NONE);
    }

    void virtualMta(String name, String sourceIp, VirtualMta.Limits limits) throws UnknownHostException {
        List<SourceHost> hosts = new ArrayList<>();
        for (String ip : sourceIp == null ? new String[0] : sourceIp.split(" "))
            hosts.add(new SourceHost(InetAddress.getByName(ip), name + ".example.com"));
        virtualMtas.put(name, new VirtualMta(name, hosts, null, limits));
    }

    /** Settings whose next hop is a port on a loopback address. */
    static DomainSettings to(String host, int port, int maxSmtpOut, Rate rate, Duration retryAfter,
            Duration bounceAfter) {
        return new DomainSettings(List.of(List.of(new NextHop(host, port, false))), maxSmtpOut, rate, 0, 1000,
                List.of(retryAfter), retryAfter, bounceAfter, 25, 10, false, true, false, false, false, false,
                new DomainSettings.Timeouts(S, S.multipliedBy(5), S.multipliedBy(5), S.multipliedBy(5),
                        S.multipliedBy(5), S.multipliedBy(5), S),
                DomainSettings.Limits.NONE);
    }

    /** The same by MX, with that port. */
    static DomainSettings byMx(DomainSettings s, int port) {
        return new DomainSettings(List.of(), s.maxSmtpOut(), s.maxMsgRate(), s.maxMsgPerConnection(),
                s.maxRcptPerTransaction(), s.retryAfter(), s.retryAfterDnsError(), s.bounceAfter(), port,
                s.mxConnectionAttempts(),
                s.bounceUponNoMx(), s.bounceUpon5xxGreeting(), s.ignorePipelining(), s.ignore8bitmime(),
                s.ignoreChunking(), s.disableMxRollup(), s.timeouts(), s.limits());
    }

    /** The same with a queue for each domain. */
    static DomainSettings withoutRollup(DomainSettings s) {
        return new DomainSettings(s.smtpHosts(), s.maxSmtpOut(), s.maxMsgRate(), s.maxMsgPerConnection(),
                s.maxRcptPerTransaction(), s.retryAfter(), s.retryAfterDnsError(), s.bounceAfter(), s.defaultSmtpPort(),
                s.mxConnectionAttempts(), s.bounceUponNoMx(), s.bounceUpon5xxGreeting(), s.ignorePipelining(),
                s.ignore8bitmime(), s.ignoreChunking(), true, s.timeouts(), s.limits());
    }

    /** From now on DNS has these MX records of a domain, each {@code PREFERENCE HOST ADDRESS}. */
    void mx(String domain, String... records) throws UnknownHostException {
        List<MailHost> hosts = new ArrayList<>();
        for (String r : records) {
            String[] parts = r.split(" ");
            hosts.add(new MailHost(parts[1], Integer.parseInt(parts[0]), List.of(InetAddress.getByName(parts[2]))));
        }
        routes.put(domain, Route.of(hosts,
                MxHosts.of(hosts.stream().map(h -> new MxHosts.Mx(h.name(), h.preference())).toList())));
    }

    /** From now on DNS cannot say anything about a domain. */
    void dnsTrouble(String domain) {
        routes.put(domain, Route.failed(Failure.of(Stage.DNS, Failure.Cause.DNS_TEMPORARY, "SERVFAIL")));
    }

    /** The same with the next hops of another one behind its own. */
    static DomainSettings then(DomainSettings s, DomainSettings next) {
        List<List<NextHop>> hosts = new ArrayList<>(s.smtpHosts());
        hosts.addAll(next.smtpHosts());
        return new DomainSettings(hosts, s.maxSmtpOut(), s.maxMsgRate(), s.maxMsgPerConnection(),
                s.maxRcptPerTransaction(), s.retryAfter(), s.retryAfterDnsError(), s.bounceAfter(), s.defaultSmtpPort(),
                s.mxConnectionAttempts(), s.bounceUponNoMx(), s.bounceUpon5xxGreeting(), s.ignorePipelining(),
                s.ignore8bitmime(), s.ignoreChunking(), s.disableMxRollup(), s.timeouts(), s.limits());
    }

    /** The same with other limits. */
    static DomainSettings with(DomainSettings s, int maxMsgPerConnection, DomainSettings.Limits limits) {
        return new DomainSettings(s.smtpHosts(), s.maxSmtpOut(), s.maxMsgRate(), maxMsgPerConnection,
                s.maxRcptPerTransaction(), s.retryAfter(), s.retryAfterDnsError(), s.bounceAfter(), s.defaultSmtpPort(),
                s.mxConnectionAttempts(), s.bounceUponNoMx(), s.bounceUpon5xxGreeting(), s.ignorePipelining(),
                s.ignore8bitmime(), s.ignoreChunking(), s.disableMxRollup(), s.timeouts(), limits);
    }

    private static Domains domains(Map<String, DomainSettings> settings) {
        return new Domains() {
            @Override
            public DomainSettings settings(String domain) {
                DomainSettings s = settings.get(domain);
                return s != null ? s : settings.get("*");
            }

            @Override
            public Domains over(Domains general) {
                return this;
            }
        };
    }

    void start() {
        config = snapshot();
        engine = new DeliveryEngine(store, () -> config, new LoopbackResolver(), new SmtpConnector(), loops,
                System::currentTimeMillis, new Random(1), ledger, null);
        engine.start(this::route);
    }

    /** Settings and VirtualMTAs as they are now. */
    void reload() {
        CaravanConfig next = snapshot();
        engine.reload(next, () -> config = next);
    }

    CaravanConfig config() {
        return config;
    }

    private CaravanConfig snapshot() {
        Domains domains = domains(new HashMap<>(settings));
        Map<String, VirtualMta> all = new LinkedHashMap<>();
        virtualMtas.forEach((name, v) -> all.put(name, new VirtualMta(name, v.sourceHosts(), domains, v.limits())));
        return new CaravanConfig("gateway.example.com", List.of(), List.of(), new Sources(List.of()), all, pools, jobs,
                null,
                domains,
                List.of(), List.of(), List.of(), null,
                new CaravanConfig.SmtpOutLimits(totalMaxSmtpOut, List.of(), toIp),
                mxRollups, null,
                SigningKeys.NONE, null, DnsSettings.DEFAULT, PolicyTrust.DEFAULT,
                ReportSettings.DEFAULT);
    }

    private void route(DeliveryAttempt attempt) {
        if (attempt.line() == null)
            settle(new AttemptResult(attempt, null));
        else
            attempt.line().send(attempt.message(), t -> settle(new AttemptResult(attempt, t)));
    }

    private void settle(AttemptResult result) {
        String job = result.attempt().message().jobId();
        if (job != null && job.equals("poison")) {
            engine.park(result.attempt(), "broken by test: " + job);
            return;
        }
        DecidedAttempt decided = OutcomeDecision.decide(result);
        queues.add(decided.result().attempt().queue());
        outcomes.addAll(decided.outcomes());
        engine.settle(decided, new byte[] { 1 });
    }

    /** From now on DNS says that there is no such domain. */
    void forget(String domain) {
        routes.remove(domain);
    }

    /** Lies in that queue already. */
    void store(String queue, String virtualMta, String recipient) {
        store.enqueue(List.of(new Placement(queue, message(virtualMta, System.currentTimeMillis(), null, recipient))),
                failure -> {
                });
    }

    void enqueue(String virtualMta, String... recipients) {
        enqueue(virtualMta, System.currentTimeMillis(), null, recipients);
    }

    void enqueue(String virtualMta, long queuedAtMs, String job, String... recipients) {
        QueuedMessage m = message(virtualMta, queuedAtMs, job, recipients);
        engine.announce(m);
        store.enqueue(List.of(new Placement(QueueNames.virtualMta(virtualMta), m)), failure -> {
        });
    }

    /** On a queue of its own choice. */
    Placement placement(String virtualMta, String queue, long queuedAtMs, String recipient) {
        return new Placement(queue, message(virtualMta, queuedAtMs, null, recipient));
    }

    private static QueuedMessage message(String virtualMta, long queuedAtMs, String job, String... recipients) {
        List<Recipient> to = new ArrayList<>();
        for (String r : recipients)
            to.add(new Recipient(r));
        return new QueuedMessage(virtualMta, to.getFirst().domain(), "from@example.com", to,
                BodyType.SEVEN_BIT, false, job, null, queuedAtMs, 0, "smtp", "client (127.0.0.1)", null,
                new MessageContent.Inline("Subject: x\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    long count(Class<? extends Outcome> type) {
        return outcomes.stream().filter(type::isInstance).count();
    }

    DeliveryEngine engine() {
        return engine;
    }

    @Override
    public void close() {
        engine.stop(Duration.ofSeconds(5));
        store.close();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    /** Knows address literals, and the domains that were told. */
    private final class LoopbackResolver implements MxResolver {
        @Override
        public CompletionStage<Route> mailHosts(String domain) {
            Route told = routes.get(domain);
            return CompletableFuture.completedFuture(told != null ? told
                    : Route.failed(Failure.of(Stage.DNS, Failure.Cause.NO_SUCH_DOMAIN, "no such domain " + domain)));
        }

        @Override
        public CompletionStage<Route> hostAddresses(String host) {
            try {
                return CompletableFuture.completedFuture(
                        Route.of(List.of(new MailHost(host, 0, List.of(InetAddress.getByName(host))))));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
