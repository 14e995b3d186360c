package org.caravanmta.message;

import java.net.InetAddress;
import java.util.List;

import org.caravanmta.config.Source;

/**
 * A message as it was handed in: envelope, what its headers asked for, and its final bytes (own headers removed,
 * Received added). Every way in produces one of these; nothing a client said travels outside it.
 *
 * @param reversePath  MAIL FROM without angle brackets; null means {@code <>}
 * @param recipients   at least one
 * @param virtualMta   the VirtualMTA or pool that the way in chose: a route, an API; null from SMTP
 * @param xVirtualMta  what {@code x-virtual-mta} named, where the source allows it; null when it named none
 * @param jobId        {@code x-job}; null when there was none
 * @param envId        {@code x-envid}; null when there was none
 * @param srcType      the way in, as in accounting: {@code smtp}
 * @param clientName   EHLO name of the client; user or folder from elsewhere
 * @param clientAddress null when there was no connection
 * @param localAddress the address of this machine that the client connected to; null when there was no connection
 * @param receivedAtMs epoch milliseconds of the end of DATA
 * @param source       the rights the client had
 * @param dkimOptions  {@code x-dkim-options}, where the source allows it; null when there was none
 * @param submissionId the same whenever it is handed in again, see MessageStore; null when nobody would
 * @param content      released by {@link #discard()} when the message is refused and the content is a spool file
 * @param dsn          what its reports are to be like; null when nothing was said
 */
public record SubmittedMessage(String reversePath, List<Recipient> recipients, BodyType bodyType, boolean smtpUtf8,
        String virtualMta, String xVirtualMta, String jobId, String envId, String srcType, String clientName,
        InetAddress clientAddress, InetAddress localAddress, Source source, long receivedAtMs, String dkimOptions,
        String submissionId, MessageContent content, Runnable discard, DsnRequest dsn) {

    /** The same message, to leave through this VirtualMTA or pool, whatever its headers say. */
    public SubmittedMessage through(String name) {
        return new SubmittedMessage(reversePath, recipients, bodyType, smtpUtf8, name, xVirtualMta, jobId, envId,
                srcType, clientName, clientAddress, localAddress, source, receivedAtMs, dkimOptions, submissionId,
                content, discard, dsn);
    }
}
