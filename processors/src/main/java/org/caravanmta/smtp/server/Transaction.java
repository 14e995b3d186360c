package org.caravanmta.smtp.server;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.Source;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.Recipient;

/** One mail transaction: from MAIL to the answer to its data. Keeps the configuration it began with. Event loop only. */
final class Transaction {

    private final String reversePath;
    private final boolean smtpUtf8;
    private final long declaredSizeBytes;
    private final CaravanConfig config;
    private final Source source;
    private final List<Recipient> recipients = new ArrayList<>(1);
    private final DsnRequest dsn;
    private MessageReceiver receiver;

    Transaction(String reversePath, boolean smtpUtf8, long declaredSizeBytes, CaravanConfig config, Source source,
            DsnRequest dsn) {
        this.reversePath = reversePath;
        this.smtpUtf8 = smtpUtf8;
        this.declaredSizeBytes = declaredSizeBytes;
        this.config = config;
        this.source = source;
        this.dsn = dsn;
    }

    String reversePath() {
        return reversePath;
    }

    boolean smtpUtf8() {
        return smtpUtf8;
    }

    long declaredSizeBytes() {
        return declaredSizeBytes;
    }

    /** What reports are to be like; null when nothing says. */
    DsnRequest dsn() {
        return dsn;
    }

    CaravanConfig config() {
        return config;
    }

    Source source() {
        return source;
    }

    List<Recipient> recipients() {
        return recipients;
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

    /** The smaller of what the source and the gateway allow; 0 means unlimited. */
    static long maxMessageSizeBytes(CaravanConfig config, Source source) {
        long ofSource = source.maxMessageSizeBytes();
        long ofAll = config.smtpIn().maxMessageSizeBytes();
        return ofSource <= 0 ? ofAll : ofAll <= 0 ? ofSource : Math.min(ofSource, ofAll);
    }
}
