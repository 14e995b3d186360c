package org.caravanmta.smtp.client;

import java.nio.charset.StandardCharsets;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** The commands of a transaction as bytes (RFC 5321 §4.1), and what must hold before they are said. */
final class Commands {

    private static final byte[] MAIL = ascii("MAIL FROM:<");
    private static final byte[] RCPT = ascii("RCPT TO:<");
    private static final byte[] SIZE = ascii(" SIZE=");
    private static final byte[] BODY = ascii(" BODY=8BITMIME");
    private static final byte[] UTF8 = ascii(" SMTPUTF8");
    private static final byte[] DATA = ascii("DATA\r\n");
    private static final byte[] RSET = ascii("RSET\r\n");
    private static final byte[] LONE_DOT = ascii(".\r\n");

    private Commands() {
    }

    /**
     * @param sizeBytes negative: not said
     * @param dsn       null: not said
     */
    static void mail(ByteBuf out, String reversePath, long sizeBytes, boolean eightBit, boolean utf8, DsnRequest dsn) {
        out.writeBytes(MAIL);
        if (reversePath != null)
            ByteBufUtil.writeUtf8(out, reversePath);
        out.writeByte('>');
        if (sizeBytes >= 0) {
            out.writeBytes(SIZE);
            ByteBufUtil.writeAscii(out, Long.toString(sizeBytes));
        }
        if (eightBit)
            out.writeBytes(BODY);
        if (utf8)
            out.writeBytes(UTF8);
        if (dsn != null) {
            parameter(out, " RET=", dsn.ret());
            parameter(out, " ENVID=", dsn.envid());
        }
        out.writeByte('\r').writeByte('\n');
    }

    /** @param dsn whether the host takes what the sender asks of reports */
    static void rcpt(ByteBuf out, Recipient recipient, boolean dsn) {
        out.writeBytes(RCPT);
        ByteBufUtil.writeUtf8(out, recipient.address());
        out.writeByte('>');
        if (dsn) {
            parameter(out, " NOTIFY=", recipient.notification() == null ? null : recipient.notification().toString());
            parameter(out, " ORCPT=", recipient.orcpt());
        }
        out.writeByte('\r').writeByte('\n');
    }

    /** One that would break out of its command is left out. */
    private static void parameter(ByteBuf out, String name, String value) {
        if (value == null || !speakable(value) || value.indexOf(' ') >= 0)
            return;
        ByteBufUtil.writeAscii(out, name);
        ByteBufUtil.writeUtf8(out, value);
    }

    static void data(ByteBuf out) {
        out.writeBytes(DATA);
    }

    static void rset(ByteBuf out) {
        out.writeBytes(RSET);
    }

    static void loneDot(ByteBuf out) {
        out.writeBytes(LONE_DOT);
    }

    /** Why this peer cannot take the message at all; null when it can. */
    static Failure obstacle(QueuedMessage message, Extensions extensions, boolean utf8, boolean ignore8bitmime) {
        long size = message.content().sizeBytes();
        if (extensions.sizeLimit() > 0 && size > extensions.sizeLimit())
            return missing("message size " + size + " exceeds size limit " + extensions.sizeLimit() + " of the host");
        if (utf8 && !extensions.smtpUtf8())
            return missing("message needs SMTPUTF8, which the host does not offer");
        if (message.bodyType() == BodyType.EIGHT_BIT_MIME && !extensions.eightBitMime() && !ignore8bitmime)
            return missing("message needs 8BITMIME, which the host does not offer");
        return null;
    }

    private static Failure missing(String detail) {
        return Failure.of(Stage.MAIL, Cause.EXTENSION_MISSING, detail);
    }

    /** An address beyond ASCII cannot be said without SMTPUTF8 (RFC 6531). */
    static boolean needsUtf8(QueuedMessage message) {
        if (message.reversePath() != null && !ascii7(message.reversePath()))
            return true;
        for (Recipient r : message.recipients())
            if (!ascii7(r.address()))
                return true;
        return false;
    }

    private static boolean ascii7(String s) {
        for (int i = 0; i < s.length(); i++)
            if (s.charAt(i) > 126)
                return false;
        return true;
    }

    /** No control characters, no unpaired surrogates. */
    static boolean speakable(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c < ' ' || c == 127)
                return false;
        }
        return !address.isEmpty();
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
