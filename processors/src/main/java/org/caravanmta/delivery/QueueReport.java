package org.caravanmta.delivery;

import java.util.List;

/**
 * What one queue does just now: enough to say why it is as fast as it is.
 *
 * @param inMemory      messages that could leave at once
 * @param splitOff      whether it has a queue of its own on the disk
 * @param pauseReason   why nothing may leave, in the operator's words; null when something may
 * @param connections   open ones
 * @param busy          those that carry a message
 * @param dialling      those being opened
 * @param binding       the directive that held the last message or connection up; null when none did
 * @param nextAttemptMs epoch milliseconds until which it waits after a failure; 0 when it does not
 * @param windows       what is used of its limits by time
 * @param events        the last trouble, newest first
 */
public record QueueReport(String destination, String virtualMta, int inMemory, boolean splitOff, String pauseReason,
        int connections, int busy, int dialling, String binding, long nextAttemptMs, List<Window> windows,
        List<Event> events) {

    /**
     * A limit by time.
     *
     * @param used      of {@code limit}, in the window that ends now
     * @param perMs     length of the window
     */
    public record Window(String directive, long used, long limit, long perMs) {
    }

    /**
     * Something a peer said, or that happened instead.
     *
     * @param atMs  epoch milliseconds, of the last time
     * @param times how often in a row
     */
    public record Event(long atMs, String text, int times) {
    }
}
