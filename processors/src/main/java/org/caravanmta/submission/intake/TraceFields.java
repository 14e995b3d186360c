package org.caravanmta.submission.intake;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

import org.caravanmta.config.Source;
import org.caravanmta.message.header.OwnHeaders;

import io.netty.util.NetUtil;

/** The fields that are put in front of a message: Received (RFC 5321 §4.4, RFC 8314 §4.3), and Date and Message-ID when missing. */
final class TraceFields {

    private TraceFields() {
    }

    /** Upper bound of the length of {@link #text}. */
    static int roomFor(Handover h) {
        return 500 + h.clientName().length() + 2 * h.config().hostName().length();
    }

    static byte[] text(Intake intake, Handover h, Envelope e, OwnHeaders found, long nowMs) {
        Source source = h.source();
        String id = intake.ids().next();
        String date = intake.dates().at(nowMs);
        StringBuilder b = new StringBuilder(256);
        if (source.addReceivedHeader())
            received(b, h, e, id, date);
        if (source.addDateHeader() && !found.hasDate())
            b.append("Date: ").append(date).append("\r\n");
        if (source.addMessageIdHeader() && !found.hasMessageId())
            b.append("Message-ID: <").append(id).append('@').append(h.config().hostName()).append(">\r\n");
        return b.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void received(StringBuilder b, Handover h, Envelope e, String id, String date) {
        b.append("Received: ");
        if (!h.source().hideMessageSource()) {
            b.append("from ").append(h.clientName());
            if (h.clientAddress() != null)
                b.append(" (").append(literal(h.clientAddress())).append(')');
            b.append("\r\n\t");
        }
        b.append("by ").append(h.config().hostName()).append(" with ").append(protocol(h, e)).append(" id ").append(id);
        if (h.tls() != null)
            b.append("\r\n\t(").append(h.tls().protocol()).append(") tls ").append(h.tls().cipher());
        b.append(";\r\n\t").append(date).append("\r\n");
    }

    /** RFC 6531 §4.3 has names of its own for SMTP with addresses in UTF-8. */
    private static String protocol(Handover h, Envelope e) {
        if (e.smtpUtf8() && h.protocol().contains("SMTP"))
            return h.protocol().endsWith("S") ? "UTF8SMTPS" : "UTF8SMTP";
        return h.protocol();
    }

    /** An address as an address literal (RFC 5321 §4.1.3). */
    static String literal(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
    }
}
