package org.caravanmta.artemis;

import java.util.List;

import org.apache.activemq.artemis.api.core.Message;

import org.caravanmta.queue.MessageStore.Placement;

/**
 * One unit of work for the {@link SettlementWriter}, which owns its mutable part: a message is acknowledged, others are
 * placed, events are written, all or nothing.
 */
final class Settlement {

    final TakenMessage message;
    final List<Placement> placements;
    final List<byte[]> events;
    /** Why the message is parked as it is; null for an ordinary settlement. */
    final String parkReason;

    /** Large messages whose files are written already, by position in {@code placements}; used up by one try. */
    Message[] files;
    int failures;
    long notBeforeNs;

    private Settlement(TakenMessage message, List<Placement> placements, List<byte[]> events, String parkReason) {
        this.message = message;
        this.placements = placements;
        this.events = events;
        this.parkReason = parkReason;
    }

    static Settlement of(TakenMessage message, List<Placement> placements, List<byte[]> events) {
        return new Settlement(message, placements, events, null);
    }

    static Settlement park(TakenMessage message, String reason) {
        return new Settlement(message, List.of(), List.of(), reason);
    }

    /** Whether files have to be written before it can be tried. */
    boolean needsFiles() {
        if (files != null)
            return false;
        for (Placement p : placements)
            if (MessageTranslator.isLarge(p.message()))
                return true;
        return false;
    }

    @Override
    public String toString() {
        return "settlement of " + message;
    }
}
