package org.caravanmta.client;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message with its envelope.
 *
 * @param sender       the reverse-path; null or empty for mail that nobody wants back
 * @param recipients   at least one
 * @param content      header, blank line and body (RFC 5322)
 * @param virtualMta   the VirtualMTA or pool; null for that of the user's source
 * @param job          null when it belongs to none
 * @param envelopeId   comes back in accounting and reports; null when there is none
 * @param submissionId the caller's own id: what is handed in twice under it is stored once; null when it will not be
 */
public record Mail(String sender, List<String> recipients, byte[] content, String virtualMta, String job,
        String envelopeId, String submissionId) {

    public Mail {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty())
            throw new IllegalArgumentException("a mail needs a recipient");
    }

    /** With nothing but the envelope; the text is handed in as UTF-8. */
    public static Mail of(String sender, String recipient, String content) {
        return new Mail(sender, List.of(recipient), content.getBytes(StandardCharsets.UTF_8), null, null, null, null);
    }

    public Mail virtualMta(String name) {
        return new Mail(sender, recipients, content, name, job, envelopeId, submissionId);
    }

    public Mail job(String name) {
        return new Mail(sender, recipients, content, virtualMta, name, envelopeId, submissionId);
    }

    public Mail envelopeId(String id) {
        return new Mail(sender, recipients, content, virtualMta, job, id, submissionId);
    }

    public Mail submissionId(String id) {
        return new Mail(sender, recipients, content, virtualMta, job, envelopeId, id);
    }
}
