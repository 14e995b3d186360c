package org.caravanmta.dsn;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.CaravanConfig.QueueName;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dsn.ReportWording;
import org.caravanmta.config.dsn.Wording;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.DeliveryAttempt;
import org.caravanmta.delivery.GeneratedReports;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.submission.DestinationSplitter;
import org.caravanmta.vmta.Selection.Chosen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which reports an attempt gives rise to, and makes them: one for all recipients that came to the same. Never
 * one about mail from {@code <>}, so no report gives rise to another. They leave by the VirtualMTA or pool of the mail
 * that they are about. Any thread.
 */
public final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final long ALARM_EVERY_MS = 60_000;

    private final Supplier<CaravanConfig> config;
    private final Function<String, Chosen> ways;
    private final LongSupplier clockMs;
    private final RandomGenerator random;
    private final StormCap cap = new StormCap();
    private final LongAdder capped = new LongAdder();
    private final AtomicLong nextAlarmMs = new AtomicLong();

    /**
     * @param ways   the VirtualMTA of that name, or the next member of the pool; null when there is no such name
     * @param random nobody must be able to guess what it gives
     */
    public Reports(Supplier<CaravanConfig> config, Function<String, Chosen> ways, LongSupplier clockMs,
            RandomGenerator random) {
        this.config = config;
        this.ways = ways;
        this.clockMs = clockMs;
        this.random = random;
    }

    /** Reports that were not made because their address had got too many. */
    public long capped() {
        return capped.sum();
    }

    /** An error of ours costs the report, never the outcome. */
    public GeneratedReports of(DecidedAttempt decided) {
        QueuedMessage m = decided.result().attempt().message();
        if (m.reversePath() == null || m.dsn() != null && m.dsn().suppressed())
            return GeneratedReports.NONE;
        List<ReportedRecipient> all = null;
        long now = clockMs.getAsLong();
        for (Outcome o : decided.outcomes()) {
            ReportedRecipient r = ReportedRecipient.of(o, decided, now);
            if (r != null)
                (all = all == null ? new ArrayList<>() : all).add(r);
        }
        try {
            return all == null ? GeneratedReports.NONE : made(all, decided, now);
        } catch (RuntimeException e) {
            LOG.error("ALARM: a report to {} could not be made", FieldLines.clean(m.reversePath(), false), e);
            return GeneratedReports.NONE;
        }
    }

    private GeneratedReports made(List<ReportedRecipient> all, DecidedAttempt decided, long now) {
        CaravanConfig snapshot = config.get();
        QueuedMessage m = decided.result().attempt().message();
        Original original = Original.of(m);
        List<QueuedMessage> messages = new ArrayList<>(1);
        long delayedAtMs = 0;
        for (Action action : Action.values()) {
            List<ReportedRecipient> same = all.stream().filter(r -> r.action() == action).toList();
            if (same.isEmpty())
                continue;
            if (action == Action.DELAYED)
                delayedAtMs = now;
            if (cap.allows(m.reversePath(), snapshot.reports().maxRate(), now))
                messages.add(message(action, same, original, decided, snapshot, now));
            else
                alarm(m.reversePath(), snapshot, now);
        }
        return new GeneratedReports(messages, delayedAtMs);
    }

    private void alarm(String address, CaravanConfig snapshot, long now) {
        capped.increment();
        long next = nextAlarmMs.get();
        if (now >= next && nextAlarmMs.compareAndSet(next, now + ALARM_EVERY_MS))
            LOG.error(
                    "ALARM: {} gets more than {} reports (max-dsn-rate), those beyond are not made; {} since the start",
                    FieldLines.clean(address, false), snapshot.reports().maxRate(), capped.sum());
    }

    private QueuedMessage message(Action action, List<ReportedRecipient> same, Original original,
            DecidedAttempt decided, CaravanConfig snapshot, long now) {
        DeliveryAttempt attempt = decided.result().attempt();
        QueuedMessage m = attempt.message();
        ReportWording words = snapshot.reports().wording();
        Wording wording = switch (action) {
            case FAILED -> words.failed();
            case DELAYED -> words.delayed();
            case RELAYED -> words.relayed();
        };
        String from = words.from() != null ? words.from() : "Mail Delivery <MAILER-DAEMON@" + snapshot.hostName() + ">";
        Report report = new Report(m, same, original, snapshot.hostName(), from, wording,
                attempt.line() == null ? null : attempt.line().peer().name(),
                m.queuedAtMs() + attempt.settings().bounceAfter().toMillis(), now, id());
        Recipient to = new Recipient(m.reversePath());
        Chosen way = way(m);
        String destination = DestinationSplitter.destination(to);
        QueueName other = snapshot.reroute(way.virtualMta(), destination);
        String virtualMta = other == null ? way.virtualMta() : other.virtualMta();
        QueuedMessage made = new QueuedMessage(virtualMta, virtualMta.equals(way.virtualMta()) ? way.pool() : null,
                other == null ? destination : other.domain(), null, List.of(to),
                report.eightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT, report.utf8(), null, null, now, 0,
                "dsn", null, null, report.content());
        return signed(made, from, snapshot) ? made.waitingForSignature("is signed before it leaves") : made;
    }

    private Chosen way(QueuedMessage m) {
        Chosen way = m.vmtaPool() == null ? null : ways.apply(m.vmtaPool());
        if (way == null)
            way = ways.apply(m.virtualMta());
        return way != null ? way : ways.apply(VirtualMta.DEFAULT);
    }

    /** Mail of the gateway itself is signed where there is a key for it; it does not wait for one. */
    private static boolean signed(QueuedMessage report, String from, CaravanConfig snapshot) {
        if (snapshot.signingKeys().none())
            return false;
        DkimSettings dkim = snapshot.dkim(report.virtualMta(), report.destination());
        if (dkim.sign() != Sign.YES && dkim.sign() != Sign.IF_KEY_PRESENT)
            return false;
        String domain = from.substring(from.lastIndexOf('@') + 1).replace(">", "").toLowerCase(java.util.Locale.ROOT);
        return snapshot.signingKeys().of(report.virtualMta(), report.vmtaPool()).stream()
                .anyMatch(k -> k.signsFor(domain));
    }

    private String id() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return "dsn-" + HexFormat.of().formatHex(bytes);
    }
}
