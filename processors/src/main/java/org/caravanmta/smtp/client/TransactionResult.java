package org.caravanmta.smtp.client;

import java.util.List;

import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Reply;

/**
 * What became of one transaction, as facts. The fate of recipient {@code i} is {@code recipients.get(i)}, and where
 * that is null, {@code message}; where that is null too, it was delivered with {@code accepted}.
 * <p>
 * A loss of the connection in stage DATA_END came after the final dot had been handed to the operating system: the peer
 * may have taken the message. In stage DATA and before, it cannot have.
 *
 * @param message    why the whole message failed, at whatever stage; null when it was taken for at least one recipient;
 *                   when every recipient was refused, the first one's reason
 * @param accepted   the reply to the end of data; null unless the message was taken
 * @param recipients one entry for each recipient of the message, in its order: null where RCPT was accepted, else why
 *                   not
 * @param bytesSent  size of the message data sent, without doubled dots
 * @param refusals   4xx and 5xx replies of the peer to MAIL, RCPT, DATA and the end of data
 * @param passedOn   the peer offers DSN: it was told what the sender asks of reports, and makes them (RFC 3461 §5.2)
 */
public record TransactionResult(Failure message, Reply accepted, List<Failure> recipients, long bytesSent,
        int refusals, boolean passedOn) {
}
