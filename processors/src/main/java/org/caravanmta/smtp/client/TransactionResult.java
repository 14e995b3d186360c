package org.caravanmta.smtp.client;

import java.util.List;

import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Reply;

/**
 * What became of one transaction, as facts.
 *
 * @param message    why the whole message failed, at whatever stage; null when it was taken for at least one recipient
 * @param accepted   the reply to the end of data; null unless the message was taken
 * @param recipients one entry for each recipient of the message, in its order: null where RCPT was accepted, else why
 *                   not
 * @param bytesSent  size of the message data sent
 */
public record TransactionResult(Failure message, Reply accepted, List<Failure> recipients, long bytesSent) {
}
