package org.caravanmta.submission.intake;

import java.net.InetAddress;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.Source;

/**
 * Who hands a message in, how, and on which terms. Holds from the first word about a message to its end, whatever is
 * reloaded meanwhile.
 *
 * @param source        the rights of whoever hands in
 * @param srcType       the way in, as in accounting: {@code smtp}, {@code pickup}, {@code jms}
 * @param protocol      behind {@code with} in the Received field: {@code ESMTP}
 * @param clientName    EHLO name, user or folder, of printable ASCII without blanks and parentheses
 * @param clientAddress null when there is no connection
 * @param localAddress  the address of this machine that the client connected to; null when there is no connection
 * @param tls           protocol and cipher for the Received field; null when nothing protects the connection
 */
public record Handover(CaravanConfig config, Source source, String srcType, String protocol, String clientName,
        InetAddress clientAddress, InetAddress localAddress, Tls tls) {

    /** RFC 8314 §4.3. */
    public record Tls(String protocol, String cipher) {
    }

    /** The smaller of what the source and the gateway allow; 0 means unlimited. */
    public long maxMessageSizeBytes() {
        return maxMessageSizeBytes(config, source);
    }

    /** The smaller of what the source and the gateway allow; 0 means unlimited. */
    public static long maxMessageSizeBytes(CaravanConfig config, Source source) {
        long ofSource = source.maxMessageSizeBytes();
        long ofAll = config.smtpIn().maxMessageSizeBytes();
        return ofSource <= 0 ? ofAll : ofAll <= 0 ? ofSource : Math.min(ofSource, ofAll);
    }
}
