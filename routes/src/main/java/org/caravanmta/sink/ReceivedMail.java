package org.caravanmta.sink;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * One message as it came in.
 *
 * @param connection the one it came on
 * @param data the bytes between DATA and the final dot, dots un-stuffed
 */
public record ReceivedMail(long atMs, Connection connection, String client, String server, String ehlo, String from,
        List<String> recipients,
        byte[] data) {

    /**
     * @param number from 1, in the order of their coming
     * @param tls    the version of TLS; null without
     */
    public record Connection(long number, long openedMs, String tls) {
    }

    /**
     * One line: {@code time=… client=… server=… ehlo=… from=<…> to=<…>,<…> size=… sha256=… connection=… opened=… tls=…};
     * every value printable.
     */
    String logLine() {
        StringBuilder b = new StringBuilder(256);
        b.append("time=").append(Instant.ofEpochMilli(atMs)).append(" client=").append(client).append(" server=")
                .append(server).append(" ehlo=").append(printable(ehlo)).append(" from=<").append(printable(from))
                .append("> to=");
        for (int i = 0; i < recipients.size(); i++)
            b.append(i == 0 ? "<" : ",<").append(printable(recipients.get(i))).append('>');
        return b.append(" size=").append(data.length).append(" sha256=").append(sha256()).append(" connection=")
                .append(connection.number()).append(" opened=").append(Instant.ofEpochMilli(connection.openedMs()))
                .append(" tls=").append(connection.tls() == null ? "none" : connection.tls())
                .toString();
    }

    private String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public String text() {
        return new String(data, StandardCharsets.ISO_8859_1);
    }

    /** Blanks, control and non-ASCII characters become {@code \\uXXXX}. */
    private static String printable(String s) {
        if (s == null)
            return "";
        StringBuilder b = new StringBuilder(s.length());
        for (char c : s.toCharArray()) {
            if (c > ' ' && c < 127 && c != '\\')
                b.append(c);
            else
                b.append(String.format("\\u%04x", (int) c));
        }
        return b.toString();
    }
}
