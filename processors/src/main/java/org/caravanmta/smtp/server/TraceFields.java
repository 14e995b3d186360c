package org.caravanmta.smtp.server;

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
    static int roomFor(String clientName, String hostName) {
        return 500 + clientName.length() + 2 * hostName.length();
    }

    static byte[] text(SmtpSession s, Transaction t, OwnHeaders found, long nowMs) {
        Source source = t.source();
        String id = s.context().ids().next();
        String date = s.context().dates().at(nowMs);
        StringBuilder b = new StringBuilder(256);
        if (source.addReceivedHeader())
            received(b, s, t, id, date);
        if (source.addDateHeader() && !found.hasDate())
            b.append("Date: ").append(date).append("\r\n");
        if (source.addMessageIdHeader() && !found.hasMessageId())
            b.append("Message-ID: <").append(id).append('@').append(t.config().hostName()).append(">\r\n");
        return b.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void received(StringBuilder b, SmtpSession s, Transaction t, String id, String date) {
        b.append("Received: ");
        if (!t.source().hideMessageSource())
            b.append("from ").append(s.clientName()).append(" (").append(literal(s.client())).append(")\r\n\t");
        b.append("by ").append(t.config().hostName()).append(" with ")
                .append(protocol(s, t)).append(" id ").append(id);
        if (s.tls() != null)
            b.append("\r\n\t(").append(s.tls().protocol()).append(") tls ").append(s.tls().cipher());
        b.append(";\r\n\t").append(date).append("\r\n");
    }

    /** RFC 3848 and RFC 6531 §4.3: under TLS there are names for extended SMTP only. */
    private static String protocol(SmtpSession s, Transaction t) {
        if (t.smtpUtf8())
            return s.tls() == null ? "UTF8SMTP" : "UTF8SMTPS";
        return !s.extended() ? "SMTP" : s.tls() == null ? "ESMTP" : "ESMTPS";
    }

    /** An address as an address literal (RFC 5321 §4.1.3). */
    static String literal(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
    }
}
