package org.caravanmta.dkim;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.SigningIdentity;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.header.HeaderSection;

/**
 * A message that is signed, perhaps several times. Its header is searched and its body hashed when that is first asked
 * for, and once. Not thread-safe.
 */
public final class SigningInput {

    private static final int PART_BYTES = 32 << 10;

    private final MessageContent content;
    private final long atMs;
    private final String options;
    private final Map<Canonicalization, byte[]> bodyHashes = new EnumMap<>(Canonicalization.class);
    private HeaderSection header;

    /**
     * @param atMs    epoch milliseconds that {@code t=} says
     * @param options the value of {@code x-dkim-options}; null when there is none
     */
    public SigningInput(MessageContent content, long atMs, String options) {
        this.content = content;
        this.atMs = atMs;
        this.options = options;
    }

    /** Null when there are none. */
    String options() {
        return options;
    }

    HeaderSection header() {
        if (header == null)
            header = HeaderSection.of(content);
        return header;
    }

    long atSeconds() {
        return atMs / 1000;
    }

    /** Null when the message does not say it. */
    Mailbox mailbox(SigningIdentity identity) {
        return switch (identity.kind()) {
            case FIXED -> Mailbox.of(identity);
            case FROM -> Mailbox.first(header().first("From"));
            case SENDER_OR_FROM -> {
                Mailbox sender = Mailbox.first(header().first("Sender"));
                yield sender != null ? sender : Mailbox.first(header().first("From"));
            }
        };
    }

    byte[] bodyHash(Canonicalization canonicalization) throws IOException {
        byte[] known = bodyHashes.get(canonicalization);
        if (known != null)
            return known;
        if (canonicalization == Canonicalization.RELAXED && content instanceof MessageContent.Streamed s
                && s.relaxedBodyHash() != null)
            return s.relaxedBodyHash();
        BodyHash hash = new BodyHash(canonicalization);
        int headerLength = header().lengthBytes();
        if (content instanceof MessageContent.Inline c)
            hash.update(c.array(), bodyStart(c.array(), c.offset() + headerLength, c.offset() + c.length()),
                    c.offset() + c.length());
        else
            read(headerLength, hash);
        byte[] bytes = hash.finish();
        bodyHashes.put(canonicalization, bytes);
        return bytes;
    }

    private void read(int headerLength, BodyHash hash) throws IOException {
        try (InputStream in = content.open()) {
            in.skipNBytes(headerLength);
            byte[] part = in.readNBytes(PART_BYTES);
            int from = bodyStart(part, 0, part.length);
            while (part.length > 0) {
                hash.update(part, from, part.length);
                part = in.readNBytes(PART_BYTES);
                from = 0;
            }
        }
    }

    /** Behind the blank line. */
    private static int bodyStart(byte[] a, int from, int to) {
        return to - from >= 2 && a[from] == '\r' && a[from + 1] == '\n' ? from + 2 : from;
    }
}
