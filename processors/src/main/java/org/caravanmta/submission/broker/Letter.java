package org.caravanmta.submission.broker;

import java.io.IOException;
import java.io.InputStream;

/** A message that a client put on the address for mail: an envelope in its properties, and in its body the mail. */
public interface Letter {

    /** Who was logged in when it was sent. */
    String user();

    /** Of this letter and no other, also after a restart. */
    String number();

    /** Null when there is none, or one that is no text or number. */
    String property(String name);

    /** Whether the sender waits for an {@link Verdict#answer() answer}. */
    boolean answerable();

    /**
     * The body of a bytes or text message, the latter in UTF-8.
     *
     * @throws UnreadableLetterException it is another kind of message; it was not deserialised
     */
    InputStream content() throws IOException, UnreadableLetterException;
}
