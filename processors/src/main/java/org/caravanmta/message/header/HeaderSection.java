package org.caravanmta.message.header;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Predicate;

import org.caravanmta.message.MessageContent;

/** The header section of a message that was taken, to be searched. Immutable. */
public final class HeaderSection {

    /** Of content that is not in memory so much is read at a time. */
    private static final int PART_BYTES = 16 << 10;

    /** A header is never larger: the highest bound of {@code max-header-size}, and our trace fields. */
    private static final int MAX_BYTES = 65 << 20;

    private final byte[] array;
    private final int start;
    private final int end;

    private HeaderSection(byte[] array, int start, int length) {
        HeaderBoundary boundary = new HeaderBoundary(start);
        boundary.advance(array, start + length);
        this.array = array;
        this.start = start;
        this.end = boundary.end();
    }

    /** Reads as much as the section is long. */
    public static HeaderSection of(MessageContent content) {
        if (content instanceof MessageContent.Inline c)
            return new HeaderSection(c.array(), c.offset(), c.length());
        try (InputStream in = content.open()) {
            byte[] read = new byte[0];
            HeaderBoundary boundary = new HeaderBoundary(0);
            for (byte[] part; (part = in.readNBytes(PART_BYTES)).length > 0 && read.length < MAX_BYTES;) {
                int before = read.length;
                read = Arrays.copyOf(read, before + part.length);
                System.arraycopy(part, 0, read, before, part.length);
                if (boundary.advance(read, read.length))
                    break;
            }
            return new HeaderSection(read, 0, read.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cursor over its fields, whose positions are in {@link #array()}. */
    public HeaderFields fields() {
        return new HeaderFields(array, start, end);
    }

    /** Holds the section; not to be changed. */
    public byte[] array() {
        return array;
    }

    /** How long it is; the blank line does not belong to it. */
    public int lengthBytes() {
        return end - start;
    }

    /** The first field of that name that has a value: unfolded, without blanks around it; null when there is none. */
    public String first(String name) {
        String[] found = new String[1];
        any(name, v -> {
            found[0] = v;
            return !v.isEmpty();
        });
        return found[0] == null || found[0].isEmpty() ? null : found[0];
    }

    /**
     * Whether a field of that name has such a value.
     *
     * @param value given unfolded values without blanks around them, from the first field to the last, until it says
     *              true
     */
    public boolean any(String name, Predicate<String> value) {
        HeaderFields fields = new HeaderFields(array, start, end);
        while (fields.next())
            if (fields.named(name) && value.test(FieldText.whole(array, fields.valueStart(), fields.end())))
                return true;
        return false;
    }
}
