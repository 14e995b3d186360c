package org.caravanmta.submission.intake;

import java.util.List;

import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.Recipient;

/**
 * The envelope of one message, checked. What it names wins over the message's header.
 *
 * @param reversePath null means {@code <>}
 * @param recipients  at least one
 * @param virtualMta  the VirtualMTA or pool that was asked for outside of the message; null from SMTP
 * @param jobId       null when only the header may name one
 * @param envId       null when only the header may name one
 * @param submissionId the same whenever the message is handed in again; null when nobody would
 * @param dsn          what reports are to be like (RFC 3461); null when nothing was said
 */
public record Envelope(String reversePath, List<Recipient> recipients, boolean smtpUtf8, String virtualMta,
        String jobId, String envId, String submissionId, DsnRequest dsn) {

    public Envelope(String reversePath, List<Recipient> recipients, boolean smtpUtf8, DsnRequest dsn) {
        this(reversePath, recipients, smtpUtf8, null, null, null, null, dsn);
    }
}
