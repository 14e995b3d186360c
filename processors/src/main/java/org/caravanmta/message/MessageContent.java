package org.caravanmta.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * The bytes of a message: header, blank line, body, CRLF line ends, not dot-stuffed, always ending in CRLF. Written
 * once and passed by reference; nobody changes them.
 */
public sealed interface MessageContent {

    /** Exact number of bytes. */
    long sizeBytes();

    /** Whether reading it never blocks. */
    default boolean inMemory() {
        return true;
    }

    /** A fresh stream over the bytes; the caller closes it. */
    InputStream open() throws IOException;

    /** Small content: a slice of an array that nobody changes any more. */
    record Inline(byte[] array, int offset, int length) implements MessageContent {

        public Inline(byte[] array) {
            this(array, 0, array.length);
        }

        @Override
        public long sizeBytes() {
            return length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(array, offset, length);
        }
    }

    /**
     * Large content: kept outside the heap by whoever made it.
     *
     * @param opener          each call gives a new stream
     * @param relaxedBodyHash SHA-256 of its body in the form of RFC 6376 §3.4.4; null when it was not computed
     */
    record Streamed(long sizeBytes, Opener opener, byte[] relaxedBodyHash) implements MessageContent {

        public Streamed(long sizeBytes, Opener opener) {
            this(sizeBytes, opener, null);
        }

        @Override
        public boolean inMemory() {
            return false;
        }

        @Override
        public InputStream open() throws IOException {
            return opener.open();
        }
    }

    /** Fields that were put in front of a message; the message itself is shared. */
    record Headed(byte[] fields, MessageContent message) implements MessageContent {

        @Override
        public long sizeBytes() {
            return fields.length + message.sizeBytes();
        }

        @Override
        public boolean inMemory() {
            return message.inMemory();
        }

        @Override
        public InputStream open() throws IOException {
            return new SequenceInputStream(new ByteArrayInputStream(fields), message.open());
        }
    }

    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }
}
