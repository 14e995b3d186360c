package org.caravanmta.accounting;

/**
 * One line of the delivery log: what became of one recipient in one attempt. Text fields are null when unknown or not
 * meant for this type; values are as they stand in the file, before quoting.
 *
 * @param type         {@code d} delivered, {@code b} bounced (expired too), {@code t} temporary failure
 * @param timeLoggedMs epoch milliseconds
 * @param timeQueuedMs epoch milliseconds
 * @param dsnAction    relayed, failed or delayed
 * @param dsnStatus    code and text: {@code 2.0.0 (success)}
 * @param dsnDiag      {@code smtp;550 5.1.1 …}
 * @param dsnMta       {@code host (ip)} of the receiving MTA
 * @param dlvSize      bytes sent; −1 when nothing was sent
 * @param queue        {@code destination/vmta}
 */
public record AccountingRecord(char type, long timeLoggedMs, long timeQueuedMs, String orig, String rcpt, String orcpt,
        String dsnAction, String dsnStatus, String dsnDiag, String dsnMta, String bounceCat, String srcType,
        String srcMta, String dlvType, String dlvSourceIp, String dlvDestinationIp, String dlvEsmtpAvailable,
        long dlvSize, String vmta, String jobId, String envId, String queue, String vmtaPool) {
}
