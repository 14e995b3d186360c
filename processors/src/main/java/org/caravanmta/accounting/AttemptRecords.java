package org.caravanmta.accounting;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.caravanmta.bounce.FailureStatus;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.DeliveryAttempt;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.SmtpConnection.Peer;

/** From a decided attempt to its records, in PowerMTA's value forms: one record for each recipient. Pure; any thread. */
public final class AttemptRecords {

    private static final Pattern REPLY = Pattern.compile("[245][0-9][0-9] ");
    private static final String SUCCESS = "2.0.0 (success)";
    private static final String DELETED = "5.0.0 (deleted by operator)";
    private static final String EXPIRED = "4.4.7 (delivery time expired)";

    private AttemptRecords() {
    }

    /** @param categories one for each outcome, in order; null for a delivery */
    public static List<AccountingRecord> of(DecidedAttempt decided, List<String> categories, long nowMs) {
        return of(decided, categories, nowMs, Map.of());
    }

    /**
     * The same with message headers, and with a record of the queue where the attempt stands for it.
     *
     * @param headers what exports show of the message's header
     */
    public static List<AccountingRecord> of(DecidedAttempt decided, List<String> categories, long nowMs,
            Map<String, String> headers) {
        DeliveryAttempt attempt = decided.result().attempt();
        Peer peer = attempt.line() == null ? null : attempt.line().peer();
        List<AccountingRecord> records = new ArrayList<>(decided.outcomes().size());
        for (int i = 0; i < decided.outcomes().size(); i++)
            records.add(record(decided.outcomes().get(i), categories.get(i), decided, peer, nowMs, headers));
        if (attempt.ofQueue() && !records.isEmpty() && records.getFirst().type() == RecordType.T)
            records.add(ofQueue(records.getFirst()));
        return records;
    }

    /** What a failure of one recipient says of its whole queue. */
    private static AccountingRecord ofQueue(AccountingRecord t) {
        return new AccountingRecord(RecordType.TQ, t.timeLoggedMs(), -1, -1, null, null, null, null, t.dsnStatus(),
                t.dsnDiag(), t.dsnMta(), t.bounceCat(), null, null, t.dlvType(), t.dlvSourceIp(),
                t.dlvDestinationIp(), null, -1, t.vmta(), null, null, t.queue(), null, null, null, null, null, null,
                Map.of());
    }

    /** One for each recipient of what was stored. */
    public static List<AccountingRecord> received(SubmittedMessage message, List<QueuedMessage> parts, long nowMs,
            Map<String, String> headers) {
        List<AccountingRecord> records = new ArrayList<>(message.recipients().size());
        for (QueuedMessage m : parts)
            for (Recipient r : m.recipients())
                records.add(new AccountingRecord(RecordType.R, nowMs, m.queuedAtMs(), -1, orig(m), r.address(),
                        r.orcpt(), null, null, null, null, null, m.srcType(), m.srcMta(), null, null, null, null, -1,
                        m.vmtaPool() == null ? m.virtualMta() : m.vmtaPool(), m.jobId(), m.envId(),
                        m.destination() + "/" + m.virtualMta(), m.vmtaPool(), null, null,
                        ip(message.clientAddress()), ip(message.localAddress()), null, headers));
        return records;
    }

    private static String ip(InetAddress a) {
        return a == null ? null : a.getHostAddress();
    }

    private static String orig(QueuedMessage m) {
        return m.reversePath() == null ? "" : m.reversePath();
    }

    private static AccountingRecord record(Outcome outcome, String category, DecidedAttempt decided, Peer peer,
            long nowMs, Map<String, String> headers) {
        DeliveryAttempt a = decided.result().attempt();
        return switch (outcome) {
            case Outcome.Delivered d -> of('d', d, a, "relayed", SUCCESS, diag(d.reply()), "", peer,
                    decided.result().transaction().bytesSent(), nowMs, headers);
            case Outcome.Deferred t -> of('t', t, a, "delayed", FailureStatus.of(t.failure(), false), diag(t.failure()),
                    category, peer, -1, nowMs, headers);
            case Outcome.Bounced b -> of('b', b, a, "failed", FailureStatus.of(b.failure(), true), diag(b.failure()),
                    category, peer, -1, nowMs, headers);
            case Outcome.Expired e -> of('b', e, a, "failed", EXPIRED,
                    diag(e.lastFailure()), category, peer, -1, nowMs, headers);
            case Outcome.Deleted x -> of('b', x, a, "failed", DELETED, null, category, peer, -1, nowMs, headers);
        };
    }

    private static String diag(Reply reply) {
        return "smtp;" + reply;
    }

    /**
     * A peer's own words: DNS trouble and refused connections leave the column empty. But what keeps mail from a host
     * that would take it is told, with a type of our own (RFC 3464 §2.3.6).
     */
    private static String diag(Failure failure) {
        if (failure.reply() != null)
            return diag(failure.reply());
        return switch (failure.cause()) {
            case TLS_MISSING, PEER_POLICY -> "x-caravan;" + failure.text();
            default -> null;
        };
    }

    /** The same of a text that was kept: a reply begins with its code, our own words do not. */
    private static String diag(String lastFailure) {
        return lastFailure != null && REPLY.matcher(lastFailure).lookingAt() ? "smtp;" + lastFailure : null;
    }

    private static AccountingRecord of(char type, Outcome outcome, DeliveryAttempt attempt, String action,
            String status,
            String diag, String category, Peer peer, long size, long nowMs,
            Map<String, String> headers) {
        QueuedMessage m = attempt.message();
        return new AccountingRecord(RecordType.ofCode(type), nowMs, m.queuedAtMs(), firstAttempt(m, nowMs), orig(m),
                outcome.recipient().address(), outcome.recipient().orcpt(), action, status, diag,
                peer == null ? null : peer.name() + " (" + ip(peer.remote()) + ")", category, m.srcType(), m.srcMta(),
                "smtp", peer == null ? null : ip(peer.local()), peer == null ? null : ip(peer.remote()),
                peer == null ? null : peer.extensions(), size, m.virtualMta(), m.jobId(), m.envId(),
                attempt.queue() + "/" + m.virtualMta(), m.vmtaPool(),
                peer == null ? null : peer.tlsProtocol(), peer == null ? null : peer.tlsCipher(), null, null, null,
                headers);
    }

    private static long firstAttempt(QueuedMessage m, long nowMs) {
        return m.attempts() == 0 ? nowMs : m.firstAttemptMs();
    }

    private static String ip(InetSocketAddress a) {
        return a == null ? "" : a.getAddress().getHostAddress();
    }
}
