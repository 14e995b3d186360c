package org.caravanmta.submission;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.CaravanConfig.QueueName;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.vmta.Selection;
import org.caravanmta.vmta.Selection.Chosen;

/**
 * Splitter: one queued message for each (VirtualMTA, destination), with at most {@code max-rcpt-per-transaction}
 * recipients each. {@code queue-to} and {@code reroute-to-virtual-mta} are followed here. Pure; any thread.
 */
public final class DestinationSplitter {

    private DestinationSplitter() {
    }

    /** @return at least one message; all share the content */
    public static List<QueuedMessage> split(SubmittedMessage message, Selection selection, CaravanConfig config) {
        return switch (selection) {
            case Chosen chosen when message.recipients().size() == 1 -> {
                Recipient only = message.recipients().getFirst();
                yield List.of(queued(message, place(chosen, only, config), message.recipients()));
            }
            case Chosen chosen -> queued(message, Map.of(chosen, message.recipients()), config);
            case Selection.Parted(Map<Chosen, List<Recipient>> parts) -> queued(message, parts, config);
            case Selection.Refused refused ->
                throw new IllegalArgumentException(refused.name() + " was refused, and cannot be queued for");
        };
    }

    /** @param pool null when none chose the VirtualMTA */
    private record Place(String virtualMta, String pool, String destination) {
    }

    private static List<QueuedMessage> queued(SubmittedMessage message, Map<Chosen, List<Recipient>> parts,
            CaravanConfig config) {
        Map<Place, List<Recipient>> byPlace = new LinkedHashMap<>();
        parts.forEach((chosen, recipients) -> recipients
                .forEach(r -> byPlace.computeIfAbsent(place(chosen, r, config), _ -> new ArrayList<>()).add(r)));
        List<QueuedMessage> queued = new ArrayList<>();
        byPlace.forEach((place, recipients) -> {
            int max = perTransaction(config.settings(place.virtualMta(), place.destination()));
            for (int from = 0; from < recipients.size(); from += max)
                queued.add(queued(message, place,
                        List.copyOf(recipients.subList(from, Math.min(recipients.size(), from + max)))));
        });
        return queued;
    }

    /** A VirtualMTA that mail was rerouted to is not the pool's choice any more. */
    private static Place place(Chosen chosen, Recipient recipient, CaravanConfig config) {
        String destination = destination(recipient);
        QueueName other = config.reroute(chosen.virtualMta(), destination);
        if (other == null)
            return new Place(chosen.virtualMta(), chosen.pool(), destination);
        return new Place(other.virtualMta(), other.virtualMta().equals(chosen.virtualMta()) ? chosen.pool() : null,
                other.domain());
    }

    /** A transaction must also fit into one window of the message rate. */
    private static int perTransaction(DomainSettings settings) {
        int max = settings.maxRcptPerTransaction() > 0 ? settings.maxRcptPerTransaction() : Integer.MAX_VALUE;
        return settings.maxMsgRate().unlimited() ? max : (int) Math.min(max, settings.maxMsgRate().count());
    }

    /** The recipient's domain in lower case, without a trailing dot. */
    public static String destination(Recipient recipient) {
        String domain = recipient.domain().toLowerCase(Locale.ROOT);
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static QueuedMessage queued(SubmittedMessage m, Place place, List<Recipient> recipients) {
        String name = m.clientName() == null ? "unknown" : m.clientName();
        String client = m.clientAddress() == null ? name : name + " (" + m.clientAddress().getHostAddress() + ")";
        return new QueuedMessage(place.virtualMta(), place.pool(), place.destination(), m.reversePath(), recipients,
                m.bodyType(), m.smtpUtf8(), m.jobId(), m.envId(), m.receivedAtMs(), 0, m.srcType(), client, null, -1,
                m.content(), false, m.dsn());
    }
}
