package org.caravanmta.dsn;

import org.caravanmta.bounce.FailureStatus;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.delivery.DeliveryAttempt;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;

/**
 * A recipient whose sender is to be told.
 *
 * @param status   {@code 5.1.1}
 * @param response what the host said, or our own words; null when there are none
 * @param byHost   whether the host said it
 */
record ReportedRecipient(Recipient recipient, Action action, String status, String response, boolean byHost) {

    /**
     * Null when nobody is to be told (RFC 3461 §5.2 and §6.2). Without NOTIFY failures alone are told of; a delay only
     * where it is asked for. What an operator deletes is not told.
     */
    static ReportedRecipient of(Outcome outcome, DecidedAttempt decided, long nowMs) {
        Notify notify = outcome.recipient().notification();
        DeliveryAttempt attempt = decided.result().attempt();
        return switch (outcome) {
            case Outcome.Bounced b when notify == null || notify.failure() ->
                new ReportedRecipient(b.recipient(), Action.FAILED, code(FailureStatus.of(b.failure(), true)),
                        b.failure().text(), b.failure().reply() != null);
            case Outcome.Expired e when notify == null || notify.failure() ->
                new ReportedRecipient(e.recipient(), Action.FAILED, "4.4.7", e.lastFailure(), said(e.lastFailure()));
            case Outcome.Deferred t when notify != null && notify.delay()
                    && delayed(attempt.message(), attempt.settings(), nowMs) ->
                new ReportedRecipient(t.recipient(), Action.DELAYED, code(FailureStatus.of(t.failure(), false)),
                        t.failure().text(), t.failure().reply() != null);
            case Outcome.Delivered d when notify != null && notify.success()
                    && !decided.result().transaction().passedOn() ->
                new ReportedRecipient(d.recipient(), Action.RELAYED, "2.0.0", d.reply().toString(), true);
            default -> null;
        };
    }

    private static boolean delayed(QueuedMessage m, DomainSettings settings, long nowMs) {
        long every = settings.reporting().delayEvery().toMillis();
        DsnRequest dsn = m.dsn();
        return every > 0 && nowMs - Math.max(m.queuedAtMs(), dsn == null ? 0 : dsn.delayReportedMs()) >= every;
    }

    private static String code(String statusText) {
        int blank = statusText.indexOf(' ');
        return blank < 0 ? statusText : statusText.substring(0, blank);
    }

    /** A reply that was kept begins with its code. */
    private static boolean said(String kept) {
        return kept != null && kept.length() > 3 && kept.charAt(0) >= '2' && kept.charAt(0) <= '5'
                && kept.charAt(3) == ' ' && Character.isDigit(kept.charAt(1)) && Character.isDigit(kept.charAt(2));
    }
}
