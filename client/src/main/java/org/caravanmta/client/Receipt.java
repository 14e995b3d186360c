package org.caravanmta.client;

import java.util.List;

/**
 * What the gateway says of a mail. What it accepted is on its disk.
 *
 * @param reply    in the words of SMTP: {@code 250 2.6.0 Message queued}
 * @param accepted how many recipients were taken
 * @param rejected the others
 */
public record Receipt(String reply, int accepted, List<Rejected> rejected) {

    /** A recipient that was not taken, and why: {@code 550 5.7.1 Relaying denied}. */
    public record Rejected(String recipient, String reply) {
    }

    public boolean complete() {
        return accepted > 0 && rejected.isEmpty();
    }
}
