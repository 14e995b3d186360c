package org.caravanmta.accounting;

import java.util.Map;

import org.caravanmta.config.accounting.RecordType;

/**
 * One line of the delivery log: what became of one recipient in one attempt, or that it was received. Text fields are
 * null when unknown or not meant for this type; values are as they stand in the file, before quoting.
 *
 * @param timeLoggedMs       epoch milliseconds
 * @param timeQueuedMs       epoch milliseconds; −1 when unknown
 * @param timeFirstAttemptMs epoch milliseconds; −1 when unknown
 * @param dsnAction          relayed, failed or delayed
 * @param dsnStatus          code and text: {@code 2.0.0 (success)}
 * @param dsnDiag            {@code smtp;550 5.1.1 …}
 * @param dsnMta             {@code host (ip)} of the receiving MTA
 * @param dlvSize            bytes sent; −1 when nothing was sent
 * @param queue              {@code destination/vmta}
 * @param headers            values of the message headers that some export shows, by their names as configured
 */
public record AccountingRecord(RecordType type, long timeLoggedMs, long timeQueuedMs, long timeFirstAttemptMs,
        String orig, String rcpt, String orcpt, String dsnAction, String dsnStatus, String dsnDiag, String dsnMta,
        String bounceCat, String srcType, String srcMta, String dlvType, String dlvSourceIp, String dlvDestinationIp,
        String dlvEsmtpAvailable, long dlvSize, String vmta, String jobId, String envId, String queue, String vmtaPool,
        String dlvTlsProtocol, String dlvTlsCipher, String rcvSourceIp, String rcvDestinationIp, String rcvSmtpUser,
        Map<String, String> headers) {

    /** One without the fields that only exports ask for. */
    public AccountingRecord(char type, long timeLoggedMs, long timeQueuedMs, String orig, String rcpt, String orcpt,
            String dsnAction, String dsnStatus, String dsnDiag, String dsnMta, String bounceCat, String srcType,
            String srcMta, String dlvType, String dlvSourceIp, String dlvDestinationIp, String dlvEsmtpAvailable,
            long dlvSize, String vmta, String jobId, String envId, String queue, String vmtaPool) {
        this(RecordType.ofCode(type), timeLoggedMs, timeQueuedMs, -1, orig, rcpt, orcpt, dsnAction, dsnStatus, dsnDiag,
                dsnMta, bounceCat, srcType, srcMta, dlvType, dlvSourceIp, dlvDestinationIp, dlvEsmtpAvailable, dlvSize,
                vmta, jobId, envId, queue, vmtaPool, null, null, null, null, null, Map.of());
    }
}
