package org.caravanmta.steering;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.message.QueuedMessage;

/**
 * Which queued messages an operator means: those that fulfil everything that is said.
 *
 * @param queues      never null; {@link QueuePattern#EVERY} for all
 * @param jobId       null for any
 * @param rcpt        an address, compared without case; null for any. Of a message to several only these recipients
 * @param orig        the reverse-path, without case, empty for {@code <>}; null for any
 * @param envId       null for any
 * @param olderThanMs waiting for at least so long; 0 for any
 */
public record MessageSelection(QueuePattern queues, String jobId, String rcpt, String orig, String envId,
        long olderThanMs) {

    /** All messages of these queues. */
    public static MessageSelection of(QueuePattern queues) {
        return new MessageSelection(queues, null, null, null, null, 0);
    }

    /** Whether nothing but queues is said. */
    public boolean wholeQueues() {
        return equals(of(queues));
    }

    public boolean matches(QueuedMessage m, CaravanConfig config, long nowMs) {
        return queues.matches(m.destination(), m.virtualMta(), config)
                && (jobId == null || jobId.equals(m.jobId()))
                && (envId == null || envId.equals(m.envId()))
                && (orig == null || orig.equalsIgnoreCase(m.reversePath() == null ? "" : m.reversePath()))
                && nowMs - m.queuedAtMs() >= olderThanMs
                && (rcpt == null || m.recipients().stream().anyMatch(r -> r.address().equalsIgnoreCase(rcpt)));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(queues.toString());
        add(text, "job", jobId);
        add(text, "rcpt", rcpt);
        add(text, "orig", orig);
        add(text, "env-id", envId);
        if (olderThanMs > 0)
            text.append(" older-than ").append(olderThanMs / 1000).append("s");
        return text.toString();
    }

    private static void add(StringBuilder text, String name, String value) {
        if (value != null)
            text.append(' ').append(name).append(' ').append(value);
    }
}
