package org.caravanmta.submission.intake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;

/**
 * Makes an {@link Envelope} of addresses that came otherwise than by SMTP, with the same checks: a recipient that is
 * refused leaves the others alone. Addresses stand without angle brackets. SMTPUTF8 is taken for granted where an
 * address needs it. Not thread-safe.
 */
public final class EnvelopeCheck {

    private final Handover handover;
    private final List<Recipient> recipients = new ArrayList<>();
    private String reversePath;
    private boolean utf8;

    public EnvelopeCheck(Handover handover) {
        this.handover = handover;
    }

    /** @param address empty, {@code <>} or null for mail that nobody wants back */
    public EnvelopeCheck sender(String address) throws RefusedException {
        boolean nobody = address == null || address.isEmpty() || address.equals("<>");
        AddressPath path = nobody ? null : parse(address);
        if (!nobody && (path == null || path.localOnly() || path.address() == null))
            throw new RefusedException(Refusals.SENDER_SYNTAX);
        reversePath = nobody ? null : path.address();
        utf8 |= !nobody && !path.ascii();
        return this;
    }

    public EnvelopeCheck recipient(String address) throws RefusedException {
        AddressPath path = parse(address);
        Reply refusal = path == null || path.address() == null ? Refusals.RECIPIENT_SYNTAX
                : refusal(path, handover, true, recipients.size());
        if (refusal != null)
            throw new RefusedException(refusal);
        utf8 |= !path.ascii();
        recipients.add(new Recipient(path.address()));
        return this;
    }

    /** The names may be null; see {@link Envelope}. */
    public Envelope envelope(String virtualMta, String jobId, String envId, String submissionId)
            throws RefusedException {
        if (recipients.isEmpty())
            throw new RefusedException(Refusals.NO_RECIPIENTS);
        return new Envelope(reversePath, List.copyOf(recipients), utf8, virtualMta, jobId, envId,
                submissionId, null);
    }

    /** Those that were taken so far. */
    public int recipients() {
        return recipients.size();
    }

    /** Why a well-formed recipient is not taken behind {@code already} others; null when it is. */
    public static Reply refusal(AddressPath path, Handover handover, boolean smtpUtf8, int already) {
        if (!handover.source().alwaysAllowRelaying())
            return Refusals.RELAYING_DENIED;
        if (path.localOnly())
            return Refusals.NO_MAILBOXES;
        if (!path.ascii() && !smtpUtf8)
            return Refusals.NEEDS_SMTPUTF8;
        int max = handover.config().smtpIn().maxRcptPerMessage();
        return max > 0 && already >= max ? Refusals.TOO_MANY_RECIPIENTS : null;
    }

    private static AddressPath parse(String address) {
        if (address == null || address.startsWith("@")) // a source route is for SMTP
            return null;
        byte[] path = ('<' + address + '>').getBytes(StandardCharsets.UTF_8);
        AddressPath parsed = AddressPath.parse(path, 0, path.length);
        return parsed == null || parsed.end() != path.length ? null : parsed;
    }
}
