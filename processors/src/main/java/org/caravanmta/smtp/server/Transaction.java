package org.caravanmta.smtp.server;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.Recipient;
import org.caravanmta.submission.intake.Envelope;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.MessageReceiver;

/** One mail transaction: from MAIL to the answer to its data. Keeps the configuration it began with. Event loop only. */
final class Transaction {

    private final Handover handover;
    private final String reversePath;
    private final boolean smtpUtf8;
    private final long declaredSizeBytes;
    private final List<Recipient> recipients = new ArrayList<>(1);
    private final DsnRequest dsn;
    private MessageReceiver receiver;

    Transaction(Handover handover, String reversePath, boolean smtpUtf8, long declaredSizeBytes, DsnRequest dsn) {
        this.handover = handover;
        this.reversePath = reversePath;
        this.smtpUtf8 = smtpUtf8;
        this.declaredSizeBytes = declaredSizeBytes;
        this.dsn = dsn;
    }

    Handover handover() {
        return handover;
    }

    boolean smtpUtf8() {
        return smtpUtf8;
    }

    long declaredSizeBytes() {
        return declaredSizeBytes;
    }

    List<Recipient> recipients() {
        return recipients;
    }

    Envelope envelope() {
        return new Envelope(reversePath, recipients, smtpUtf8, dsn);
    }

    /** null until DATA or the first BDAT. */
    MessageReceiver receiver() {
        return receiver;
    }

    void receiver(MessageReceiver value) {
        receiver = value;
    }

    /** Between chunks only BDAT and RSET make sense (RFC 3030 §2). */
    boolean chunking() {
        return receiver != null;
    }
}
