package org.caravanmta.message;

import java.util.List;

/**
 * What waits on a queue: one message for the recipients of one (VirtualMTA, destination).
 *
 * @param virtualMta  the way out; in a pool the member that was chosen
 * @param vmtaPool    the pool that chose the VirtualMTA; null when none did
 * @param destination lower-case recipient domain, or the one that {@code queue-to} put in its place: the queue is
 *                    {@code destination/vmta}
 * @param reversePath null means {@code <>}
 * @param recipients  those without a final outcome; at least one
 * @param jobId       null when there is none
 * @param envId       null when there is none
 * @param queuedAtMs  epoch milliseconds of acceptance; never changes
 * @param attempts    delivery attempts made so far
 * @param srcType     how it came in: {@code smtp}
 * @param srcMta      {@code host (ip)} of the submitting client
 * @param firstAttemptMs epoch milliseconds of the first attempt; −1 before it
 * @param lastFailure text of the last temporary failure, for the report of an expiry; null before the first
 * @param unsigned    it has to be signed and could not be so far: it must not leave
 * @param dsn       what its reports are to be like; null when nothing was said
 */
public record QueuedMessage(String virtualMta, String vmtaPool, String destination, String reversePath,
        List<Recipient> recipients,
        BodyType bodyType, boolean smtpUtf8, String jobId, String envId, long queuedAtMs, int attempts, String srcType,
        String srcMta, String lastFailure, long firstAttemptMs, MessageContent content, boolean unsigned,
        DsnRequest dsn) {

    /** Mail that may leave as it is, and was not tried yet. */
    public QueuedMessage(String virtualMta, String vmtaPool, String destination, String reversePath,
            List<Recipient> recipients, BodyType bodyType, boolean smtpUtf8, String jobId, String envId,
            long queuedAtMs, int attempts, String srcType, String srcMta, String lastFailure, MessageContent content) {
        this(virtualMta, vmtaPool, destination, reversePath, recipients, bodyType, smtpUtf8, jobId, envId, queuedAtMs,
                attempts, srcType, srcMta, lastFailure, -1, content, false, null);
    }

    /** Mail that no pool chose a VirtualMTA for. */
    public QueuedMessage(String virtualMta, String destination, String reversePath, List<Recipient> recipients,
            BodyType bodyType, boolean smtpUtf8, String jobId, String envId, long queuedAtMs, int attempts,
            String srcType, String srcMta, String lastFailure, MessageContent content) {
        this(virtualMta, null, destination, reversePath, recipients, bodyType, smtpUtf8, jobId, envId, queuedAtMs,
                attempts, srcType, srcMta, lastFailure, content);
    }

    /** The same message through another VirtualMTA; {@code pool} is the one that chose it, or null. */
    public QueuedMessage through(String otherVirtualMta, String pool) {
        return new QueuedMessage(otherVirtualMta, pool, destination, reversePath, recipients, bodyType, smtpUtf8, jobId,
                envId, queuedAtMs, attempts, srcType, srcMta, lastFailure, firstAttemptMs, content, unsigned, dsn);
    }

    /** The same message for some of its recipients. */
    public QueuedMessage to(List<Recipient> some) {
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, some, bodyType, smtpUtf8, jobId, envId,
                queuedAtMs, attempts, srcType, srcMta, lastFailure, firstAttemptMs, content, unsigned, dsn);
    }

    /** The same message with other bytes. */
    public QueuedMessage withContent(MessageContent other) {
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, recipients, bodyType, smtpUtf8, jobId,
                envId, queuedAtMs, attempts, srcType, srcMta, lastFailure, firstAttemptMs, other, unsigned, dsn);
    }

    /** The same message for fewer recipients, after one more attempt. */
    public QueuedMessage deferred(List<Recipient> remaining, String failure, long nowMs) {
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, remaining, bodyType, smtpUtf8, jobId,
                envId, queuedAtMs, attempts + 1, srcType, srcMta, failure, attempts == 0 ? nowMs : firstAttemptMs,
                content, unsigned, dsn);
    }

    /** The same message, which must not leave before it is signed; {@code reason} says why it is not. */
    public QueuedMessage waitingForSignature(String reason) {
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, recipients, bodyType, smtpUtf8, jobId,
                envId, queuedAtMs, attempts, srcType, srcMta, reason, firstAttemptMs, content, true, dsn);
    }

    /** The same message with its signature in front, or without one that it does not need any more: it may leave. */
    public QueuedMessage signed(MessageContent whole) {
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, recipients, bodyType, smtpUtf8, jobId,
                envId, queuedAtMs, attempts, srcType, srcMta, null, firstAttemptMs, whole, false, dsn);
    }

    /** The same message with other wishes for its reports. */
    public QueuedMessage with(DsnRequest other) {
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, recipients, bodyType, smtpUtf8, jobId,
                envId, queuedAtMs, attempts, srcType, srcMta, lastFailure, firstAttemptMs, content, unsigned, other);
    }
}
