package org.caravanmta.submission;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;

/**
 * Splitter: one queued message for each (VirtualMTA, destination), with at most {@code max-rcpt-per-transaction}
 * recipients each. Pure; any thread.
 */
public final class DestinationSplitter {

    private DestinationSplitter() {
    }

    /** @return at least one message; all share the content */
    public static List<QueuedMessage> split(SubmittedMessage message, String virtualMta, CaravanConfig config) {
        if (message.recipients().size() == 1) {
            Recipient only = message.recipients().getFirst();
            return List.of(queued(message, virtualMta, destination(only), List.of(only)));
        }
        Map<String, List<Recipient>> byDestination = new LinkedHashMap<>();
        for (Recipient r : message.recipients())
            byDestination.computeIfAbsent(destination(r), d -> new ArrayList<>()).add(r);
        List<QueuedMessage> queued = new ArrayList<>();
        byDestination.forEach((destination, recipients) -> {
            int max = perTransaction(config.settings(virtualMta, destination));
            for (int from = 0; from < recipients.size(); from += max)
                queued.add(queued(message, virtualMta, destination,
                        List.copyOf(recipients.subList(from, Math.min(recipients.size(), from + max)))));
        });
        return queued;
    }

    /** A transaction must also fit into one window of the message rate. */
    private static int perTransaction(DomainSettings settings) {
        int max = settings.maxRcptPerTransaction() > 0 ? settings.maxRcptPerTransaction() : Integer.MAX_VALUE;
        return settings.maxMsgRate().unlimited() ? max : (int) Math.min(max, settings.maxMsgRate().count());
    }

    /** The recipient's domain in lower case, without a trailing dot. */
    static String destination(Recipient recipient) {
        String domain = recipient.domain().toLowerCase(Locale.ROOT);
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static QueuedMessage queued(SubmittedMessage m, String virtualMta, String destination,
            List<Recipient> recipients) {
        String client = (m.clientName() == null ? "unknown" : m.clientName()) + " ("
                + m.clientAddress().getHostAddress()
                + ")";
        return new QueuedMessage(virtualMta, destination, m.reversePath(), recipients, m.bodyType(), m.smtpUtf8(),
                m.jobId(), m.envId(), m.receivedAtMs(), 0, "smtp", client, null, m.content());
    }
}
