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
 * @param virtualMta   what {@code x-virtual-mta} named, where the source allows it; null when it named none
 * @param jobId        {@code x-job}; null when there was none
 * @param envId        {@code x-envid}; null when there was none
 * @param clientName   EHLO name of the client
 * @param receivedAtMs epoch milliseconds of the end of DATA
 * @param source       the rights the client had
 * @param content      released by {@link #discard()} when the message is refused and the content is a spool file
 */
public record SubmittedMessage(String reversePath, List<Recipient> recipients, BodyType bodyType, boolean smtpUtf8,
        String virtualMta, String jobId, String envId, String clientName, InetAddress clientAddress, Source source,
        long receivedAtMs, MessageContent content, Runnable discard) {
}
