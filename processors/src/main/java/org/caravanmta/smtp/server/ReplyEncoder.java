package org.caravanmta.smtp.server;

import java.nio.charset.StandardCharsets;

import org.caravanmta.smtp.Reply;

/**
 * A {@link Reply} as bytes for the wire. Whatever its text holds, the result is well formed: printable ASCII, lines of
 * at most 512 bytes (RFC 5321 §4.5.3.1.5), an enhanced code on every line.
 */
final class ReplyEncoder {

    private static final int MAX_TEXT = 480;

    private ReplyEncoder() {
    }

    static byte[] encode(Reply reply) {
        String text = reply.text() == null ? "" : reply.text();
        StringBuilder b = new StringBuilder(text.length() + 16);
        int from = 0;
        while (true) {
            int newLine = text.indexOf('\n', from);
            int to = newLine < 0 ? text.length() : newLine;
            b.append(reply.code()).append(newLine < 0 ? ' ' : '-');
            if (reply.enhanced() != null)
                b.append(reply.enhanced()).append(' ');
            appendPrintable(b, text, from, Math.min(to, from + MAX_TEXT));
            b.append("\r\n");
            if (newLine < 0)
                return b.toString().getBytes(StandardCharsets.US_ASCII);
            from = newLine + 1;
        }
    }

    private static void appendPrintable(StringBuilder b, String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            b.append(c >= ' ' && c < 127 ? c : c == '\r' || c == '\t' ? ' ' : '?');
        }
    }
}
